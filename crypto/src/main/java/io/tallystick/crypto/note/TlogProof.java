package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.merkle.MalformedTreeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A C2SP tlog-proof: that a leaf is in the tree of a signed checkpoint, in one text that is checked
 * offline. Carries no leaf; its note's text always is a checkpoint, of the size that the inclusion
 * proof is for.
 *
 * @param extra opaque and unauthenticated, if present
 */
public record TlogProof(Optional<Bytes> extra, InclusionProof inclusion, SignedNote note) {
  private static final String HEADER = "c2sp.org/tlog-proof@v1";
  private static final String EXTRA = "extra ";
  private static final String INDEX = "index ";
  private static final int LINES_MAX = 3 + 63;

  /**
   * Checks that the parts belong together.
   *
   * @throws MalformedNoteException when the note isn't a checkpoint of the proof's size
   */
  public TlogProof {
    requireNonNull(extra, "extra");
    long size = Checkpoint.parse(note.text()).size();
    if (size != inclusion.size()) {
      throw new MalformedNoteException(
          "tlog-proof", "a proof in size " + inclusion.size(), "its checkpoint's size " + size);
    }
  }

  /** Without opaque part. */
  public static TlogProof of(InclusionProof inclusion, SignedNote note) {
    return new TlogProof(Optional.empty(), inclusion, note);
  }

  /** The tree head that the proof leads to. */
  public Checkpoint checkpoint() {
    return Checkpoint.parse(note.text());
  }

  /**
   * Parses a tlog-proof.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static TlogProof parse(Bytes proof) {
    return parse(NoteText.utf8("tlog-proof", proof.unsafeArray()));
  }

  /**
   * Parses a tlog-proof.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static TlogProof parse(String proof) {
    NoteText.bounded("tlog-proof", proof);
    List<String> lines = new ArrayList<>();
    int at = 0;
    for (int end = proof.indexOf('\n'); end > at; end = proof.indexOf('\n', at)) {
      lines.add(proof.substring(at, end));
      at = end + 1;
      if (lines.size() > LINES_MAX) {
        throw new MalformedNoteException(
            "tlog-proof", "more than " + LINES_MAX + " lines before the note", "fewer");
      }
    }
    if (at >= proof.length() || proof.charAt(at) != '\n') {
      throw new MalformedNoteException("tlog-proof", "no blank line", "one before the checkpoint");
    }
    return parse(lines, SignedNote.parse(proof.substring(at + 1)));
  }

  private static TlogProof parse(List<String> lines, SignedNote note) {
    if (lines.isEmpty() || !lines.getFirst().equals(HEADER)) {
      throw new MalformedNoteException(
          "tlog-proof line 1", lines.isEmpty() ? "empty" : lines.getFirst(), HEADER);
    }
    int next = 1;
    Optional<Bytes> extra = Optional.empty();
    if (next < lines.size() && lines.get(next).startsWith(EXTRA)) {
      String text = lines.get(next).substring(EXTRA.length());
      extra = Optional.of(Bytes.wrap(NoteText.base64("tlog-proof extra", text)));
      next++;
    }
    if (next == lines.size() || !lines.get(next).startsWith(INDEX)) {
      throw new MalformedNoteException(
          "tlog-proof line " + (next + 1),
          next == lines.size() ? "empty" : lines.get(next),
          "index and a decimal");
    }
    String decimal = lines.get(next).substring(INDEX.length());
    long index = NoteText.decimal("tlog-proof index", decimal);
    List<Digest> path = new ArrayList<>();
    for (int i = next + 1; i < lines.size(); i++) {
      path.add(NoteText.hash("tlog-proof line " + (i + 1), lines.get(i)));
    }
    return new TlogProof(extra, inclusion(index, note, path), note);
  }

  private static InclusionProof inclusion(long index, SignedNote note, List<Digest> path) {
    long size = Checkpoint.parse(note.text()).size();
    try {
      return new InclusionProof(index, size, path);
    } catch (MalformedTreeException e) {
      throw new MalformedNoteException(
          "tlog-proof", String.valueOf(e.getMessage()), "index, size and hashes that fit");
    }
  }

  /**
   * Whether the leaf with this hash is in a tree that the policy accepts.
   *
   * <p>The leaf hash must be computed by the caller, from the leaf that is in question.
   */
  public PolicyVerdict verify(TlogPolicy policy, Digest leafHash) {
    PolicyVerdict verdict = policy.evaluate(note);
    if (verdict instanceof PolicyVerdict.Accepted accepted
        && !inclusion.verify(leafHash, accepted.checkpoint().root())) {
      return new PolicyVerdict.Refused(
          Refusal.NOT_INCLUDED,
          "the leaf isn't at index " + inclusion.index() + " of the tree that was signed");
    }
    return verdict;
  }

  /** The tlog-proof. */
  @Override
  public String toString() {
    StringBuilder proof = new StringBuilder(HEADER).append('\n');
    extra.ifPresent(bytes -> proof.append(EXTRA).append(NoteText.base64(bytes)).append('\n'));
    proof.append(INDEX).append(inclusion.index()).append('\n');
    inclusion.path().forEach(hash -> proof.append(NoteText.base64(hash)).append('\n'));
    return proof.append('\n').append(note).toString();
  }
}

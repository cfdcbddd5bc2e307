package io.tallystick.crypto.note;

import io.tallystick.crypto.Bytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A C2SP signed note: text and the lines that claim to sign it. The text ends with a newline and
 * has no other control character; there are 1 to 100 lines. What the lines are worth, {@link
 * #verify} tells.
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  /** No note has more signature lines. */
  public static final int LINES_MAX = 100;

  /**
   * Checks text and number of lines.
   *
   * @throws MalformedNoteException when they can't be a note's
   */
  public SignedNote {
    signatures = List.copyOf(signatures);
    NoteText.bounded("note", text);
    if (!text.endsWith("\n")) {
      throw new MalformedNoteException("note text", "no newline at its end", "one");
    }
    checkControls(text);
    if (signatures.isEmpty() || signatures.size() > LINES_MAX) {
      throw new MalformedNoteException(
          "note", signatures.size() + " signature lines", "1 to " + LINES_MAX);
    }
  }

  /**
   * Parses a note.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static SignedNote parse(Bytes note) {
    return parse(NoteText.utf8("note", note.unsafeArray()));
  }

  /**
   * Parses a note.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static SignedNote parse(String note) {
    NoteText.bounded("note", note);
    checkControls(note);
    int blank = note.lastIndexOf("\n\n");
    if (blank < 0 || !note.endsWith("\n")) {
      throw new MalformedNoteException(
          "note",
          blank < 0 ? "no blank line" : "no newline at its end",
          "text, a blank line, and signature lines");
    }
    String text = note.substring(0, blank + 1);
    List<NoteSignature> signatures = new ArrayList<>();
    int line = 2 + (int) text.chars().filter(c -> c == '\n').count();
    for (int at = blank + 2; at < note.length(); line++) {
      int end = note.indexOf('\n', at);
      if (signatures.size() == LINES_MAX) {
        throw new MalformedNoteException(
            "note", "more than " + LINES_MAX + " signature lines", "1 to " + LINES_MAX);
      }
      signatures.add(NoteSignature.parse("note line " + line, note.substring(at, end)));
      at = end + 1;
    }
    return new SignedNote(text, signatures);
  }

  private static void checkControls(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' && text.charAt(i) != '\n') {
        throw new MalformedNoteException(
            "note at character " + i,
            "control character " + (int) text.charAt(i),
            "none but newline");
      }
    }
  }

  /**
   * Checks every line that names a known key. Lines of other keys, and of types that can't be
   * checked, are ignored; a known key's line that fails spoils the note (C2SP signed-note).
   */
  public NoteVerdict verify(Collection<VerifierKey> known) {
    List<VerifiedLine> verified = new ArrayList<>();
    for (NoteSignature line : signatures) {
      boolean named = false;
      boolean holds = false;
      for (VerifierKey key : known) {
        if (!holds && key.isVerifiable() && key.names(line)) {
          named = true;
          if (key.verify(text, line)) {
            holds = true;
            verified.add(VerifiedLine.of(key, line));
          }
        }
      }
      if (named && !holds) {
        return new NoteVerdict.Refused(
            Refusal.BAD_SIGNATURE, "the line of " + line.name() + " isn't its signature");
      }
    }
    return verified.isEmpty()
        ? new NoteVerdict.Refused(
            Refusal.NO_KNOWN_KEY, signatures.size() + " lines, none by a known key")
        : new NoteVerdict.Verified(verified);
  }

  /** The note. */
  @Override
  public String toString() {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(line -> note.append(line).append('\n'));
    return note.toString();
  }
}

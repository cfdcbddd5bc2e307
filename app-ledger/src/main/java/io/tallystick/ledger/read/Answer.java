package io.tallystick.ledger.read;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.ConsistencyProof;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.RangeProof;
import io.tallystick.ledger.store.StoredEntry;
import io.tallystick.ledger.store.StoredPayload;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a replica answers to a {@link Question}. Of the right form once decoded, and of nothing
 * else: whoever asked verifies entries and proofs against a head.
 */
public sealed interface Answer {
  /**
   * Consecutive entries, the first of which is the one that was asked for; at most as many as were
   * asked for, and at least one.
   *
   * @param proof of exactly these entries in the tree of the size that was asked for; its hashes on
   *     the left are the edge of the tree before them, so who has that sees whether it goes on
   */
  record Entries(List<StoredEntry> entries, RangeProof proof) implements Answer {
    /** Copies the list. */
    public Entries {
      entries = List.copyOf(entries);
    }
  }

  /** A proof of that entry in the tree of that size. */
  record Proof(InclusionProof proof) implements Answer {}

  /** A proof between those sizes. */
  record Consistent(ConsistencyProof proof) implements Answer {}

  /**
   * What is sent. Entries: u16 how many, for each u16 length, envelope, u8 mark (0: salt, u32
   * length, content; 1: erased, u64 index of the order); then the proof's hashes. Proofs: their
   * hashes, and for consistency u8 how many before them.
   */
  default Bytes encode() {
    StatementWriter out = new StatementWriter();
    switch (this) {
      case Entries(List<StoredEntry> entries, RangeProof proof) -> {
        out.u16(entries.size());
        entries.forEach(entry -> encode(entry, out));
        proof.hashes().forEach(out::digest);
      }
      case Proof(InclusionProof proof) -> {
        // An answer that is empty means something else, and so may the only leaf's proof not be
        out.u8(proof.path().size());
        proof.path().forEach(out::digest);
      }
      case Consistent(ConsistencyProof proof) -> {
        out.u8(proof.path().size());
        proof.path().forEach(out::digest);
      }
    }
    return Bytes.wrap(out.toArray());
  }

  private static void encode(StoredEntry entry, StatementWriter out) {
    out.u16(entry.envelope().size()).raw(entry.envelope());
    switch (entry.payload()) {
      case StoredPayload.Present(Bytes salt, Bytes content) ->
          out.u8(0).raw(salt).u32(content.size()).raw(content);
      case StoredPayload.Erased(long order) -> out.u8(1).u64(order);
    }
  }

  /** Reads the answer to a question; empty when it isn't one, or says that there is none. */
  static Optional<Answer> decode(Question question, Bytes bytes) {
    try {
      WireInput in = new WireInput(bytes);
      Answer answer =
          switch (question) {
            case Question.EntriesFrom asked -> entries(asked, in);
            case Question.ProofFor(long index, long treeSize) ->
                new Proof(new InclusionProof(index, treeSize, in.digests(in.u8())));
            case Question.Consistency(long from, long to) ->
                new Consistent(new ConsistencyProof(from, to, in.digests(in.u8())));
          };
      in.end();
      return Optional.of(answer);
    } catch (WireInput.Malformed | MalformedTreeException e) {
      return Optional.empty();
    }
  }

  private static Entries entries(Question.EntriesFrom asked, WireInput in)
      throws WireInput.Malformed {
    int count = in.u16();
    if (count < 1 || count > asked.countMax()) {
      throw new WireInput.Malformed(count + " entries (expected: 1 to " + asked.countMax() + ")");
    }
    List<StoredEntry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Bytes envelope = in.bytes(in.u16());
      StoredPayload payload =
          switch (in.u8()) {
            case 0 -> new StoredPayload.Present(in.salt(), in.bytes(in.u31()));
            case 1 -> new StoredPayload.Erased(in.u63());
            default -> throw new WireInput.Malformed("mark (expected: 0 or 1)");
          };
      entries.add(new StoredEntry(asked.index() + i, envelope, payload));
    }
    long end = asked.index() + count;
    int hashes = RangeProof.length(asked.index(), end, asked.treeSize());
    return new Entries(
        entries, new RangeProof(asked.index(), end, asked.treeSize(), in.digests(hashes)));
  }
}

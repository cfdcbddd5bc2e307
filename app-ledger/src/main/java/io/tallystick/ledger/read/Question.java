package io.tallystick.ledger.read;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.StatementWriter;
import java.util.Optional;

/** What a replica is asked to read. Each: u8 kind, then its numbers as they stand. */
public sealed interface Question {
  /** Most entries of one answer: those of an entry bundle. */
  int ENTRIES_MAX = 256;

  /**
   * Entries with salts and payloads, from an index on, up to the end of that entry bundle, and the
   * proof that they are in the tree of that size.
   *
   * @param countMax 1 to 256
   * @param bytesMax about how long the answer may be; one entry comes in any case
   */
  record EntriesFrom(long index, int countMax, int bytesMax, long treeSize) implements Question {
    /** Checks the ranges. */
    public EntriesFrom {
      require(index >= 0 && index < treeSize, "index", index, "0 to " + (treeSize - 1));
      require(countMax >= 1 && countMax <= ENTRIES_MAX, "count", countMax, "1 to 256");
      require(bytesMax >= 0, "bytes", bytesMax, ">= 0");
    }
  }

  /** The inclusion proof of an entry in the tree of that size. */
  record ProofFor(long index, long treeSize) implements Question {
    /** Checks the ranges. */
    public ProofFor {
      require(index >= 0 && index < treeSize, "index", index, "0 to " + (treeSize - 1));
    }
  }

  /** The consistency proof from one size to another. */
  record Consistency(long from, long to) implements Question {
    /** Checks the ranges. */
    public Consistency {
      require(from >= 0 && from <= to, "sizes", from + " to " + to, "in order");
    }
  }

  private static void require(boolean right, String what, Object found, String expected) {
    if (!right) {
      throw new IllegalArgumentException(what + ": " + found + " (expected: " + expected + ")");
    }
  }

  /** What is sent. */
  default Bytes encode() {
    StatementWriter out = new StatementWriter();
    switch (this) {
      case EntriesFrom(long index, int countMax, int bytesMax, long treeSize) ->
          out.u8(1).u64(index).u32(countMax).u32(bytesMax).u64(treeSize);
      case ProofFor(long index, long treeSize) -> out.u8(2).u64(index).u64(treeSize);
      case Consistency(long from, long to) -> out.u8(3).u64(from).u64(to);
    }
    return Bytes.wrap(out.toArray());
  }

  /** Reads what {@link #encode} wrote; empty on anything else. */
  static Optional<Question> decode(Bytes bytes) {
    try {
      WireInput in = new WireInput(bytes);
      Question question =
          switch (in.u8()) {
            case 1 -> new EntriesFrom(in.u63(), in.u31(), in.u31(), in.u63());
            case 2 -> new ProofFor(in.u63(), in.u63());
            case 3 -> new Consistency(in.u63(), in.u63());
            default -> throw new WireInput.Malformed("kind");
          };
      in.end();
      return Optional.of(question);
    } catch (WireInput.Malformed | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}

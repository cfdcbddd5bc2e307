package io.tallystick.ledger.follower;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.entry.LedgerEntry;
import java.util.List;
import java.util.Optional;

/** The bytes in which entries are asked for and answered. */
public interface EntryReads {
  /** Asks for up to {@code count} entries from {@code from} on, proved in the tree of a size. */
  Bytes question(long from, int count, long size);

  /**
   * Reads an answer; {@code from} and {@code size} are the question's.
   *
   * @return empty unless it is well-formed and has at least one entry
   */
  Optional<ProvedEntries> answer(Bytes answer, long from, long size);

  /**
   * Entries as one replica showed them.
   *
   * @param proof the hashes of the range proof for exactly these entries
   */
  record ProvedEntries(List<LedgerEntry> entries, List<Digest> proof) {
    /** Copies the lists. */
    public ProvedEntries {
      entries = List.copyOf(entries);
      proof = List.copyOf(proof);
    }
  }
}

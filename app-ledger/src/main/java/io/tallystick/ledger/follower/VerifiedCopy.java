package io.tallystick.ledger.follower;

import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.store.LedgerStore;
import io.tallystick.ledger.store.StreamTable;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A copy of the ledger that follows a head signed by a quorum. Entries below that head's size are
 * verified; the store may hold more, which isn't to be shown. For any thread.
 */
public interface VerifiedCopy {

  /**
   * The newest head that the copy holds whole; empty before the first. Sizes and times go back in
   * one case: after a disk failure that lost entries, until these are read again.
   */
  Optional<CopyHead> head();

  /**
   * The entries. Not to be kept: after a disk failure the copy goes on with another, and reads of
   * the old one fail.
   */
  LedgerStore store();

  /** Which entries a stream has; may know more than the head covers. Not to be kept. */
  StreamTable streams();

  /** The first entry with this id of this principal, among those that the head covers. */
  OptionalLong find(String principal, RequestId id) throws IOException;

  /** Completes with true once the copy covers that many entries, else after so long with false. */
  CompletableFuture<Boolean> covers(long size, long millis);

  /**
   * A head with its note.
   *
   * @param note the log line and the cosignatures of at least a quorum
   * @param timeMicros ledger time before which every entry is among those that the head covers
   */
  record CopyHead(LoggedHead head, SignedNote note, long timeMicros) {
    /** Number of entries. */
    public long size() {
      return head.head().head().size();
    }

    /** Root of the tree. */
    public Digest root() {
      return head.head().head().root();
    }

    /** Whose members signed. */
    public long epoch() {
      return head.head().epoch();
    }
  }
}

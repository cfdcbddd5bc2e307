package io.tallystick.bft.engine;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.verify.Verified;
import io.tallystick.crypto.Digest;
import java.util.Optional;

/** What may happen to a replica. Closed: {@code Replica.step} treats each, without a default. */
public sealed interface Event {

  /** At a start, before {@link Started}: a record that the journal still held, in order. */
  record Replayed(long position, Verified<? extends JournalRecord> record) implements Event {}

  /**
   * The replay is over; the application stands as it says. From here on the replica takes part.
   *
   * @param application where the application's durable state stands
   * @param stateDigest of all its other state there: it may stand right at a checkpoint whose
   *     record the crash took
   * @param nextPosition the first journal position not yet used, at least 1
   */
  record Started(ApplicationState application, Digest stateDigest, long nextPosition)
      implements Event {}

  /** A peer's message arrived on its session. */
  record Received(ReplicaId from, Verified<? extends PeerMessage> message) implements Event {}

  /** A client's bundle arrived on a client's session. */
  record Submitted(Verified<Bundle> bundle) implements Event {}

  /** A statement that the engine asked to have signed comes back. */
  record SignedByUs(Verified<? extends Signed<? extends Statement>> statement) implements Event {}

  /** A timer that was armed ran out. */
  record TimerFired(TimerName timer) implements Event {}

  /** All journal records up to and with this position are on disk. */
  record Durable(long upTo) implements Event {}

  /**
   * The application executed a batch.
   *
   * @param head the tree head after it
   * @param stateDigest of all other state, if the batch was marked as a checkpoint
   * @param cosignature our own on that head
   */
  record Executed(
      long seq, TreeHead head, Optional<Digest> stateDigest, HeadCosignature cosignature)
      implements Event {}

  /** The application's state and the archive are on disk up to and with this sequence number. */
  record ApplicationSynced(long seq) implements Event {}

  /** The connection to a peer came up or went down. */
  record PeerReachable(ReplicaId peer, boolean reachable) implements Event {}

  /** The disk is full ({@code false}), or has space again: voting stops and resumes. */
  record DiskSpace(boolean available) implements Event {}

  /**
   * Where an application stands.
   *
   * @param seq last sequence number executed; 0 before the first
   * @param ledgerTimeMicros ledger time there
   * @param head tree head there
   */
  record ApplicationState(long seq, long ledgerTimeMicros, TreeHead head) {}
}

package io.tallystick.bft.engine;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.Statement;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.util.List;

/**
 * What the engine wants done. The host carries them out in the order given; the network may reorder
 * what it sends. {@code afterPosition}: leaves when the journal is durable up to there; 0: at once.
 */
public sealed interface Effect {

  /** Write a record at this position; positions ascend by one. */
  record Persist(long position, JournalRecord record) implements Effect {}

  /** Records below this position are needed no more. Carried out once {@code afterPosition} is. */
  record Cut(long below, long afterPosition) implements Effect {}

  /** Sign this with the identity key, and give it back as {@link Event.SignedByUs}. */
  record Sign(Statement statement) implements Effect {}

  /** Send to one peer. */
  record Send(ReplicaId to, PeerMessage message, long afterPosition) implements Effect {}

  /** Send to every other replica. */
  record Multicast(PeerMessage message, long afterPosition) implements Effect {}

  /** Send executed batches from the archive to a peer, from a sequence number on, bounded. */
  record SendBatches(ReplicaId to, long fromSeq, long toSeq, long bytesMax) implements Effect {}

  /** Have the application execute a batch, after all earlier ones. */
  record Execute(Execution execution) implements Effect {}

  /** Have the application's state synced up to here, and say so. */
  record SyncApplication(long seq) implements Effect {}

  /** Fire this timer after so many ticks, instead of when it was armed for. */
  record Arm(TimerName timer, long ticks) implements Effect {}

  /** Forget this timer. */
  record Disarm(TimerName timer) implements Effect {}

  /** A peer's message was of no use: counted by reason and peer. */
  record Reject(ReplicaId sender, RejectReason why) implements Effect {}

  /** A client's bundle was not admitted; it is told. */
  record Refuse(PublicKey client, Digest bundle, RefusalReason why, String detail, long retryMillis)
      implements Effect {}

  /** A client asks for what was executed lately: it gets the reply that is still remembered. */
  record AnswerAgain(PublicKey client, Digest bundle) implements Effect {}

  /** A head has the cosignatures of a quorum: serve it. */
  record Publish(PublishedHead head) implements Effect {}

  /** A peer signed what contradicts itself: keep the proof. */
  record Accuse(ReplicaId culprit, Evidence evidence) implements Effect {}

  /**
   * Our root differs from a quorum's, or more than f replicas are faulty: stop signing anything,
   * keep serving reads marked as such, say so loudly.
   */
  record Quarantine(String why) implements Effect {}

  /**
   * A batch to execute.
   *
   * @param ledgerTimeMicros max(ledger time + 1, timestamp); a null batch leaves it
   * @param bundles those that the batch names, in its order
   * @param checkpoint whether the state digest is wanted, and a checkpoint follows
   * @param published whether every replica multicasts its cosignature on the head after it
   */
  record Execution(
      long seq,
      long ledgerTimeMicros,
      CommitCertificate certificate,
      List<Bundle> bundles,
      boolean checkpoint,
      boolean published) {
    /** Copies the list. */
    public Execution {
      bundles = List.copyOf(bundles);
    }

    /** The batch that is decided. */
    public Batch batch() {
      return certificate.batch();
    }
  }
}

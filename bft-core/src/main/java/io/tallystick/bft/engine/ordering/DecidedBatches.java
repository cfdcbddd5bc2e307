package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Executed batches that peers sent, with the commits that prove them decided.
 *
 * <p>Within the watermarks they go to their slot, and are written down like batches decided here.
 * Others wait in here, a bounded number, for the application: below the low watermark they rest on
 * the quorum's stable checkpoint; above the high one on the journals of those who committed them.
 */
public final class DecidedBatches {
  private final Turn turn;
  private final Window window;
  private final Bodies bodies;
  private final TreeMap<Long, CommittedBatch> waiting = new TreeMap<>();
  private long waitingBytes;

  /** Holds none yet. */
  public DecidedBatches(Turn turn, Window window, Bodies bodies) {
    this.turn = turn;
    this.window = window;
    this.bodies = bodies;
  }

  /** How far above the last batch handed over one may wait here. */
  int aheadMax() {
    return 2 * turn.settings().transfer().fetchBatchesMax();
  }

  /**
   * A batch from a peer, whose commits and bodies the boundary has checked.
   *
   * @param handed the last sequence number handed to the application
   * @return whether it was of use
   */
  public boolean receive(ReplicaId from, CommittedBatch batch, long handed) {
    CommitCertificate certificate = batch.certificate();
    long seq = certificate.seq();
    RejectReason why = null;
    if (certificate.epoch() != turn.membership().epoch()) {
      why = RejectReason.WRONG_EPOCH;
    } else if (contradicts(certificate)) {
      // R6.14: two certificates for one sequence number mean more than f faulty replicas
      turn.quarantine("two batches are decided at " + seq);
      why = RejectReason.EQUIVOCATION;
    } else if (seq <= handed) {
      why = RejectReason.DUPLICATE; // R9.4: what consensus delivered is not executed again
    } else if (window.retains(seq)) {
      why = decide(batch) ? null : RejectReason.DUPLICATE;
    } else if (waiting.containsKey(seq)) {
      why = RejectReason.DUPLICATE;
    } else if (!room(batch, seq, handed)) {
      why = RejectReason.OUTSIDE_WATERMARKS;
    } else {
      waiting.put(seq, batch);
      waitingBytes += weight(batch);
    }
    if (why != null) {
      turn.reject(from, why);
    }
    return why == null;
  }

  private boolean contradicts(CommitCertificate certificate) {
    SlotState slot = window.find(certificate.seq());
    CommitCertificate before = slot == null ? null : slot.committed();
    return before != null && !before.batch().equals(certificate.batch());
  }

  private boolean room(CommittedBatch batch, long seq, long handed) {
    long max = 2L * turn.settings().transfer().fetchBytesMax();
    return seq == handed + 1
        || seq <= handed + aheadMax() && waitingBytes + weight(batch) <= max; // R9.3
  }

  private boolean decide(CommittedBatch decided) {
    CommitCertificate certificate = decided.certificate();
    SlotState slot = window.slot(certificate.seq());
    CommitCertificate before = slot.committed();
    Batch batch = certificate.batch();
    if (before != null && slot.complete()) {
      return false;
    }
    bodies.supply(slot, batch, decided.bundles());
    if (before == null) {
      slot.committed(certificate);
    }
    if (window.within(certificate.seq()) && turn.recording()) {
      // R9.5: within the watermarks it is written down: all peers may crash with us
      slot.touched(turn.nextPosition());
      for (Bundle bundle : decided.bundles()) {
        turn.persist(new JournalRecord.Body(certificate.seq(), bundle));
      }
      slot.written(batch.digest());
      turn.persist(new JournalRecord.Committed(certificate));
    }
    return true;
  }

  /** Whether the batch at {@code seq} is here, or decided in its slot with all bodies. */
  public boolean holds(long seq) {
    SlotState slot = window.find(seq);
    return waiting.containsKey(seq) || slot != null && slot.committed() != null && slot.complete();
  }

  /** Takes the batch at {@code seq} out; null when it isn't here. */
  @Nullable CommittedBatch take(long seq) {
    while (!waiting.isEmpty() && waiting.firstKey() < seq) {
      waitingBytes -= weight(waiting.pollFirstEntry().getValue());
    }
    CommittedBatch batch = waiting.remove(seq);
    waitingBytes -= batch == null ? 0 : weight(batch);
    return batch;
  }

  private static long weight(CommittedBatch batch) {
    long bytes = 0;
    for (Bundle bundle : batch.bundles()) {
      bytes += bundle.weightBytes();
    }
    return bytes;
  }
}

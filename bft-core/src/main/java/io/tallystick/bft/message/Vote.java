package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import java.util.List;

/**
 * A pre-prepare, prepare or commit of one replica for one or more sequence numbers of one view.
 *
 * @param slots strictly ascending by sequence number, at least one
 */
public record Vote(
    VotePhase phase, ReplicaId replica, long epoch, long view, List<SlotDigest> slots)
    implements Statement {

  /** Copies the list. */
  public Vote {
    slots = List.copyOf(slots);
  }

  /** A vote for one sequence number. */
  public static Vote of(VotePhase phase, ReplicaId replica, long epoch, Slot slot, Digest batch) {
    return new Vote(phase, replica, epoch, slot.view(), List.of(new SlotDigest(slot.seq(), batch)));
  }

  @Override
  public byte[] signedBytes(Digest cluster) {
    StatementWriter layout =
        StatementWriter.context(phase.context())
            .digest(cluster)
            .u32(epoch)
            .u64(view)
            .u32(slots.size());
    for (SlotDigest slot : slots) {
      layout.u64(slot.seq()).digest(slot.batch());
    }
    return layout.toArray();
  }
}

package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;

/**
 * A replica's word that its application, synced to disk, stands like this after a batch.
 *
 * @param head the ledger's tree head
 * @param stateDigest digest of all other state ("state digest")
 */
public record Checkpoint(ReplicaId replica, long epoch, long seq, TreeHead head, Digest stateDigest)
    implements Statement {

  /** Whether both say the same of the same sequence number. */
  public boolean agreesWith(Checkpoint other) {
    return epoch == other.epoch
        && seq == other.seq
        && head.equals(other.head)
        && stateDigest.equals(other.stateDigest);
  }

  @Override
  public byte[] signedBytes(Digest cluster) {
    return StatementWriter.context("checkpoint")
        .digest(cluster)
        .u32(epoch)
        .u64(seq)
        .u64(head.size())
        .digest(head.root())
        .digest(stateDigest)
        .toArray();
  }
}

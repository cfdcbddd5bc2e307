package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;

/**
 * A replica's word that it takes no further part in views below {@code newView}.
 *
 * @param stableSeq the stable checkpoint it starts from
 * @param certificates SHA-256 of its certificates as sent
 */
public record ViewChange(
    ReplicaId replica, long epoch, long newView, long stableSeq, Digest certificates)
    implements Statement {

  /** By what a new-view names it: SHA-256 of what is signed. */
  public Digest digest(Digest cluster) {
    return Digest.sha256(signedBytes(cluster));
  }

  @Override
  public byte[] signedBytes(Digest cluster) {
    return StatementWriter.context("view-change")
        .digest(cluster)
        .u32(epoch)
        .u64(newView)
        .u64(stableSeq)
        .digest(certificates)
        .toArray();
  }
}

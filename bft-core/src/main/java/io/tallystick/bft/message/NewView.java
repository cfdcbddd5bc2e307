package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import java.util.List;

/**
 * The new primary's word on what its view starts with.
 *
 * @param viewChanges digests of the view-changes of a quorum, by ascending id
 * @param batches digests of what follows from them, from {@code stableSeq} + 1 on
 */
public record NewView(
    ReplicaId replica,
    long epoch,
    long view,
    long stableSeq,
    List<ViewChangeDigest> viewChanges,
    List<Digest> batches)
    implements Statement {

  /** Names one replica's view-change by the SHA-256 of its signed layout. */
  public record ViewChangeDigest(ReplicaId replica, Digest digest) {}

  /** Copies the lists. */
  public NewView {
    viewChanges = List.copyOf(viewChanges);
    batches = List.copyOf(batches);
  }

  @Override
  public byte[] signedBytes(Digest cluster) {
    StatementWriter layout =
        StatementWriter.context("new-view")
            .digest(cluster)
            .u32(epoch)
            .u64(view)
            .u64(stableSeq)
            .u32(viewChanges.size());
    for (ViewChangeDigest viewChange : viewChanges) {
      layout.u32(viewChange.replica().value()).digest(viewChange.digest());
    }
    layout.u32(batches.size());
    for (Digest batch : batches) {
      layout.digest(batch);
    }
    return layout.toArray();
  }
}

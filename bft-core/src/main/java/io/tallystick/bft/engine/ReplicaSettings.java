package io.tallystick.bft.engine;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;

/**
 * What a replica is made with; nothing in here changes while it runs.
 *
 * @param self its id, one of the membership's
 * @param cluster genesis hash: names the cluster in everything signed
 * @param membership the replicas of the epoch
 * @param parameters what decides acceptance, alike at all replicas
 * @param admission what this replica admits
 * @param transfer what catching up may cost
 */
public record ReplicaSettings(
    ReplicaId self,
    Digest cluster,
    Membership membership,
    Parameters parameters,
    AdmissionLimits admission,
    TransferLimits transfer) {
  /** Refuses a replica that isn't a member, and a window that would deadlock. */
  public ReplicaSettings {
    if (!membership.contains(self)) {
      throw new IllegalArgumentException(
          "replica: " + self + " (expected: one of " + membership.ids() + ")");
    }
    if (parameters.window() < 2 * parameters.checkpointInterval()) {
      throw new IllegalArgumentException(
          "window: "
              + parameters.window()
              + " (expected: >= "
              + 2 * parameters.checkpointInterval()
              + ", twice the checkpoint interval)");
    }
    long viewChange = parameters.viewChangeBytesMax(membership.n());
    if (viewChange > parameters.frameBytesMax()) { // R8.15
      throw new IllegalArgumentException(
          "window: "
              + parameters.window()
              + " (expected: one whose largest view-change, now "
              + viewChange
              + " bytes, fits into a frame of "
              + parameters.frameBytesMax()
              + ")");
    }
  }
}

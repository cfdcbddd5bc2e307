package io.tallystick.network;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.network.link.HostAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks that everyone who is to be dialled can be. */
final class ClusterAddresses {
  private ClusterAddresses() {}

  /** The address of a replica, which must be there. */
  static HostAddress of(ReplicaId id, Map<ReplicaId, HostAddress> addresses) {
    HostAddress address = addresses.get(id);
    if (address == null) {
      throw new IllegalArgumentException("addresses: none of " + id + " (expected: host:port)");
    }
    return address;
  }

  static void check(
      Membership membership, Map<ReplicaId, HostAddress> addresses, @Nullable ReplicaId own) {
    for (ReplicaId id : membership.ids()) {
      if (!id.equals(own)) {
        var _ = of(id, addresses);
      }
    }
  }
}

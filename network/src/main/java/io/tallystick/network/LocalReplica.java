package io.tallystick.network;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.link.HostAddress;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which replica of which cluster a network serves.
 *
 * @param id our id
 * @param key our identity key: the one that genesis names
 * @param cluster H(genesis.json)
 * @param membership all replicas
 * @param parameters of the cluster: they bound the frames
 * @param listen where we listen; port 0 chooses a free one
 * @param addresses where the others listen
 * @param announcement what we say of ourselves in handshakes, asked each time, on any thread
 */
public record LocalReplica(
    ReplicaId id,
    PrivateKey key,
    Digest cluster,
    Membership membership,
    Parameters parameters,
    HostAddress listen,
    Map<ReplicaId, HostAddress> addresses,
    Supplier<Announcement> announcement) {
  /** Refuses a membership with a replica whose address is missing. */
  public LocalReplica {
    addresses = Map.copyOf(addresses);
    ClusterAddresses.check(membership, addresses, id);
  }
}

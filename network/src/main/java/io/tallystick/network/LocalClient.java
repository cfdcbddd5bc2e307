package io.tallystick.network;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.network.link.HostAddress;
import java.util.Map;

/**
 * Which client of which cluster a network serves.
 *
 * @param key our key
 * @param cluster H(genesis.json)
 * @param membership the replicas to talk to
 * @param parameters of the cluster: they bound the frames
 * @param addresses where the replicas listen
 */
public record LocalClient(
    PrivateKey key,
    Digest cluster,
    Membership membership,
    Parameters parameters,
    Map<ReplicaId, HostAddress> addresses) {
  /** Refuses a membership with a replica whose address is missing. */
  public LocalClient {
    addresses = Map.copyOf(addresses);
    ClusterAddresses.check(membership, addresses, null);
  }
}

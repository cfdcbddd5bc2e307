package io.tallystick.ledger.daemon;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Address;
import io.tallystick.config.Genesis;
import io.tallystick.config.TransportConfig;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.ledger.client.LedgerClient;
import io.tallystick.ledger.client.NetworkLinks;
import io.tallystick.ledger.client.ReplicaLinks;
import io.tallystick.network.ClientNetwork;
import io.tallystick.network.LocalClient;
import io.tallystick.network.link.HostAddress;
import io.tallystick.network.settings.ClientLimits;
import io.tallystick.network.settings.HandshakeSettings;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.SessionSettings;
import io.tallystick.network.settings.TransportSecurity;
import java.util.Map;
import java.util.TreeMap;

/** Turns a node's configuration into the network's settings, and opens a client's sessions. */
public final class Links {
  private Links() {}

  /** The cluster as a client with that key sees it. */
  public static LedgerClient.Cluster cluster(Genesis genesis, PrivateKey key) {
    return new LedgerClient.Cluster(
        genesis.hash(), genesis.logVkey(), genesis.membership(), genesis.parameters(), key);
  }

  /** Opens sessions with all replicas, once. */
  public static ReplicaLinks.Opener opener(
      LedgerClient.Cluster cluster,
      Map<Integer, Address> addresses,
      TransportConfig config,
      MeterRegistry meters) {
    LocalClient local =
        new LocalClient(
            cluster.key(),
            cluster.cluster(),
            cluster.membership(),
            cluster.parameters(),
            hosts(addresses));
    return NetworkLinks.over(new ClientNetwork(local, settings(config), meters));
  }

  static HostAddress host(Address address) {
    return new HostAddress(address.host(), address.port());
  }

  static Map<ReplicaId, HostAddress> hosts(Map<Integer, Address> addresses) {
    Map<ReplicaId, HostAddress> hosts = new TreeMap<>();
    addresses.forEach((id, address) -> hosts.put(new ReplicaId(id), host(address)));
    return hosts;
  }

  static NetworkSettings settings(TransportConfig config) {
    NetworkSettings defaults = NetworkSettings.defaults();
    HandshakeSettings handshake = defaults.handshake();
    int unauthenticated = config.unauthenticatedMax();
    int sessions = config.clientSessionsMax();
    return new NetworkSettings(
        security(config.security()),
        new HandshakeSettings(
            handshake.bytesMax(),
            config.handshakeMillisMax(),
            Math.min(handshake.connectMillisMax(), config.handshakeMillisMax()),
            unauthenticated,
            Math.max(1, unauthenticated / 2)),
        sessions(defaults.peers(), config.sendBytesMax(), config.silenceMillisMax()),
        sessions(defaults.clients(), defaults.clients().sendBytesMax(), config.silenceMillisMax()),
        new ClientLimits(
            sessions,
            Math.min(sessions, config.clientSessionsPerKeyMax()),
            sessions,
            config.clientBytesMax()),
        defaults.backoff(),
        defaults.eventLoops(),
        config.verifiers() == 0 ? defaults.verifiers() : config.verifiers());
  }

  private static SessionSettings sessions(
      SessionSettings of, long sendBytesMax, int silenceMillisMax) {
    return new SessionSettings(
        of.receivedMessagesMax(),
        of.receivedBytesMax(),
        of.sendMessagesMax(),
        sendBytesMax,
        of.frameMillisMax(),
        Math.min(of.keepaliveMillis(), silenceMillisMax / 4),
        silenceMillisMax,
        of.stallMillisMax());
  }

  private static TransportSecurity security(TransportConfig.Security security) {
    return switch (security) {
      case AUTOMATIC -> TransportSecurity.AUTOMATIC;
      case TLS -> TransportSecurity.TLS;
      case PLAIN_INSECURE -> TransportSecurity.PLAIN_INSECURE;
    };
  }
}

package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.handshake.InitiatorHandshake;
import io.tallystick.network.link.HostAddress;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.TransportSecurity;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Links that leave the machine, or behave as if they did. */
final class TlsRelayTest {
  private static final ReplicaId R1 = new ReplicaId(1);

  private final SignallingRegistry registry = new SignallingRegistry();
  private final RecordingInbound at0 = new RecordingInbound();
  private final RecordingInbound at1 = new RecordingInbound();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private ReplicaNetwork start(LocalReplica local, TransportSecurity security, RecordingInbound to)
      throws IOException {
    NetworkSettings settings = TestCluster.settings().withSecurity(security);
    ReplicaNetwork network = new ReplicaNetwork(local, settings, registry);
    open.add(network);
    network.start(to);
    return network;
  }

  @Test
  void noticesSomebodyBetweenTwoTlsConnections() throws Exception {
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TransportSecurity.TLS, at1);
    TlsRelay relay = new TlsRelay(one.port());
    open.add(relay);
    start(TestCluster.localReplica(0, Map.of(1, relay.port())), TransportSecurity.TLS, at0);
    Await.until("noticed", () -> TestCluster.failures(registry, "bad_signature") > 0);
    assertTrue(relay.relayed() > 0);
    assertEquals(List.of(), at0.changes);
    assertEquals(List.of(), at1.changes);
  }

  @Test
  void refusesAPlainConnectionWhereTlsIsDue() throws Exception {
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TransportSecurity.TLS, at1);
    try (RawConnection plain = RawConnection.open(one.port())) {
      assertFalse(plain.handshake(client()).isPresent());
    }
    Await.until("counted", () -> TestCluster.failures(registry, "plain_refused") == 1);
  }

  private static InitiatorHandshake client() {
    return new InitiatorHandshake(
        TestCluster.client(0), R1, Bytes.EMPTY, (peer, announcement) -> Optional.empty());
  }

  @Test
  void demandsTlsFromOtherMachinesAlone() throws Exception {
    Optional<InetAddress> outside = outsideAddress();
    Assumptions.assumeTrue(outside.isPresent(), "no address but loopback");
    String host = outside.get().getHostAddress();
    LocalReplica inner = TestCluster.localReplica(1, Map.of());
    ReplicaNetwork one =
        start(
            new LocalReplica(
                inner.id(),
                inner.key(),
                inner.cluster(),
                inner.membership(),
                inner.parameters(),
                new HostAddress("0.0.0.0", 0),
                inner.addresses(),
                inner.announcement()),
            TransportSecurity.AUTOMATIC,
            at1);
    try (RawConnection plain = RawConnection.open(outside.get(), one.port())) {
      assertFalse(plain.handshake(client()).isPresent());
    }
    Await.until("counted", () -> TestCluster.failures(registry, "plain_refused") == 1);
    try (RawConnection plain = RawConnection.open(one.port())) {
      assertTrue(plain.handshake(client()).isPresent());
    }
    LocalClient dialling = TestCluster.localClient(1, Map.of());
    Map<ReplicaId, HostAddress> addresses = new HashMap<>(dialling.addresses());
    addresses.put(R1, new HostAddress(host, one.port()));
    ClientNetwork client =
        new ClientNetwork(
            new LocalClient(
                dialling.key(),
                dialling.cluster(),
                dialling.membership(),
                dialling.parameters(),
                addresses),
            TestCluster.settings(),
            registry);
    open.add(client);
    RecordingListener listener = new RecordingListener();
    client.start(listener);
    Await.until("a TLS session", () -> listener.up(1));
  }

  private static Optional<InetAddress> outsideAddress() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .findFirst();
  }
}

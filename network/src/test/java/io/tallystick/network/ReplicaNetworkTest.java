package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.host.ClientSession;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.link.BindFailedException;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.TransportSecurity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Networks that talk to one another over loopback. */
final class ReplicaNetworkTest {
  private static final ReplicaId R0 = new ReplicaId(0);
  private static final ReplicaId R1 = new ReplicaId(1);

  private final SignallingRegistry registry = new SignallingRegistry();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private ReplicaNetwork start(LocalReplica local, NetworkSettings settings, RecordingInbound to)
      throws IOException {
    ReplicaNetwork network = new ReplicaNetwork(local, settings, registry);
    open.add(network);
    network.start(to);
    return network;
  }

  private ClientNetwork start(LocalClient local, NetworkSettings settings, ClientListener to) {
    ClientNetwork network = new ClientNetwork(local, settings, registry);
    open.add(network);
    network.start(to);
    return network;
  }

  @ParameterizedTest
  @EnumSource(TransportSecurity.class)
  void peersAndClientsTalkBothWays(TransportSecurity security) throws IOException {
    NetworkSettings settings = TestCluster.settings().withSecurity(security);
    RecordingInbound at0 = new RecordingInbound();
    RecordingInbound at1 = new RecordingInbound();
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), settings, at1);
    ReplicaNetwork zero = start(TestCluster.localReplica(0, Map.of(1, one.port())), settings, at0);
    RecordingListener listener = new RecordingListener();
    ClientNetwork client =
        start(
            TestCluster.localClient(0, Map.of(0, zero.port(), 1, one.port())), settings, listener);
    Await.until("sessions", () -> at0.up(1) && at1.up(0) && listener.up(0) && listener.up(1));
    Await.until("client's sessions", () -> at0.clients.size() == 1 && at1.clients.size() == 1);

    Bytes large = Bytes.wrap(new byte[TestCluster.PARAMETERS.frameBytesMax()]);
    assertTrue(zero.send(R1, Bytes.utf8("from 0")));
    assertTrue(zero.send(R1, large));
    assertTrue(one.send(R0, Bytes.utf8("from 1")));
    assertTrue(client.send(R1, Bytes.utf8("from client")));
    ClientSession session = at1.clients.iterator().next();
    assertEquals(TestCluster.clientKey(0).publicKey(), session.client());
    assertTrue(session.send(Bytes.utf8("answer")));

    Await.until("to 1", () -> at1.fromPeers.equals(List.of(Bytes.utf8("from 0"), large)));
    Await.until("to 0", () -> at0.fromPeers.equals(List.of(Bytes.utf8("from 1"))));
    Await.until("to 1", () -> at1.fromClients.equals(List.of(Bytes.utf8("from client"))));
    Await.until("to client", () -> listener.received.equals(List.of("r1 answer")));
    assertEquals(17, one.announcement(R0).orElseThrow().highestVote().seq());
  }

  @Test
  void deliversInOrder() throws IOException {
    RecordingInbound at1 = new RecordingInbound();
    RecordingInbound at0 = new RecordingInbound();
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), at1);
    ReplicaNetwork zero =
        start(TestCluster.localReplica(0, Map.of(1, one.port())), TestCluster.settings(), at0);
    Await.until("session", () -> at0.up(1));
    List<Bytes> sent = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      Bytes message = Bytes.utf8("message " + i);
      sent.add(message);
      assertTrue(zero.send(R1, message));
    }
    Await.until("all of them", () -> at1.fromPeers.size() == sent.size());
    assertEquals(sent, at1.fromPeers);
  }

  @Test
  @DisplayName("S7 a replica that was killed is dialled again, and its sessions start afresh")
  void reconnectsAfterTheOtherSideDied() throws Exception {
    RecordingInbound at0 = new RecordingInbound();
    RecordingInbound first = new RecordingInbound();
    ReplicaNetwork one =
        start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), first);
    int port = one.port();
    ReplicaNetwork zero =
        start(TestCluster.localReplica(0, Map.of(1, port)), TestCluster.settings(), at0);
    Await.until("session", () -> at0.up(1));
    one.close();
    Await.until("noticed", () -> !at0.up(1));
    assertFalse(zero.send(R1, Bytes.utf8("lost")));

    RecordingInbound second = new RecordingInbound();
    start(
        TestCluster.localReplica(1, Map.of(1, port), TestCluster.announcement(2, 2)),
        TestCluster.settings(),
        second);
    Await.until("session again", () -> at0.up(1) && second.up(0));
    assertTrue(zero.send(R1, Bytes.utf8("arrives")));
    Await.until("arrival", () -> second.fromPeers.equals(List.of(Bytes.utf8("arrives"))));
    assertEquals(List.of("r1 up", "r1 down", "r1 up"), at0.changes);
  }

  @Test
  @DisplayName("S58 of two processes of one incarnation, the second gets no session")
  void refusesACopyOfADataDirectory() throws Exception {
    RecordingInbound at1 = new RecordingInbound();
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), at1);
    RecordingInbound at0 = new RecordingInbound();
    start(
        TestCluster.localReplica(0, Map.of(1, one.port()), TestCluster.announcement(4, 1)),
        TestCluster.settings(),
        at0);
    Await.until("session", () -> at1.up(0));
    start(
        TestCluster.localReplica(0, Map.of(1, one.port()), TestCluster.announcement(4, 2)),
        TestCluster.settings(),
        new RecordingInbound());
    start(
        TestCluster.localReplica(0, Map.of(1, one.port()), TestCluster.announcement(3, 3)),
        TestCluster.settings(),
        new RecordingInbound());
    Await.until("refused", () -> TestCluster.failures(registry, "other_start") > 0);
    Await.until("refused", () -> TestCluster.failures(registry, "lower_incarnation") > 0);
    assertEquals(List.of("r0 up"), at1.changes);
  }

  @Test
  void closesTheSessionOfWhoeverSendsMalformedMessages() throws IOException {
    RecordingInbound at1 = new RecordingInbound();
    at1.verdict =
        payload -> payload.equals(Bytes.utf8("bad")) ? Verdict.MALFORMED : Verdict.ACCEPTED;
    RecordingInbound at0 = new RecordingInbound();
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), at1);
    ReplicaNetwork zero =
        start(TestCluster.localReplica(0, Map.of(1, one.port())), TestCluster.settings(), at0);
    Await.until("session", () -> at0.up(1));
    zero.send(R1, Bytes.utf8("bad"));
    Await.until("counted", () -> TestCluster.failures(registry, "malformed") == 1);
    Await.until("closed and again", () -> at1.changes.equals(List.of("r0 up", "r0 down", "r0 up")));
  }

  @Test
  void aFailureInProcessingCostsThatSessionAlone() throws IOException {
    RecordingInbound at1 = new RecordingInbound();
    at1.verdict =
        payload -> {
          if (payload.equals(Bytes.utf8("bug"))) {
            throw new IllegalStateException("expected in this test");
          }
          return Verdict.ACCEPTED;
        };
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), at1);
    RecordingListener first = new RecordingListener();
    RecordingListener second = new RecordingListener();
    ClientNetwork buggy =
        start(TestCluster.localClient(0, Map.of(1, one.port())), TestCluster.settings(), first);
    ClientNetwork other =
        start(TestCluster.localClient(1, Map.of(1, one.port())), TestCluster.settings(), second);
    Await.until("sessions", () -> first.up(1) && second.up(1));
    buggy.send(R1, Bytes.utf8("bug"));
    Await.until(
        "closed",
        () -> TestCluster.count(registry, "bft_network_sessions_ended_total", "internal") == 1);
    assertTrue(other.send(R1, Bytes.utf8("fine")));
    Await.until("the other's", () -> at1.fromClients.contains(Bytes.utf8("fine")));
  }

  @Test
  void saysWhichAddressItCannotListenOn() throws IOException {
    ReplicaNetwork one =
        start(
            TestCluster.localReplica(1, Map.of()), TestCluster.settings(), new RecordingInbound());
    ReplicaNetwork taken =
        new ReplicaNetwork(
            TestCluster.localReplica(2, Map.of(2, one.port())), TestCluster.settings(), registry);
    BindFailedException failure =
        assertThrows(BindFailedException.class, () -> taken.start(new RecordingInbound()));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.contains("127.0.0.1:" + one.port()), message);
    assertTrue(message.contains("node.yaml"), message);
  }

  @Test
  void dropsWhatItHasNoSessionForOrIsTooLarge() throws IOException {
    RecordingInbound at1 = new RecordingInbound();
    ReplicaNetwork one = start(TestCluster.localReplica(1, Map.of()), TestCluster.settings(), at1);
    assertFalse(one.send(new ReplicaId(3), Bytes.utf8("nobody")));
    assertFalse(one.send(new ReplicaId(77), Bytes.utf8("stranger")));
    RecordingListener listener = new RecordingListener();
    ClientNetwork client =
        start(TestCluster.localClient(0, Map.of(1, one.port())), TestCluster.settings(), listener);
    Await.until("session", () -> listener.up(1));
    assertFalse(client.send(R1, Bytes.wrap(new byte[TestCluster.PARAMETERS.frameBytesMax()])));
    assertTrue(client.send(R1, Bytes.wrap(new byte[TestCluster.PARAMETERS.bundleBytesMax()])));
    assertEquals(1, dropped("r3"));
    assertEquals(1, dropped("r77"));
    assertEquals(1, dropped("r1"));
  }

  private double dropped(String peer) {
    return registry.get("bft_network_dropped_messages_total").tag("peer", peer).counter().count();
  }
}

package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.SessionSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who gets the pool's only thread when all want it. */
final class FairnessTest {
  private static final ReplicaId R1 = new ReplicaId(1);
  private static final int FLOOD = 500;

  /** Makes a message longer than all the empty frames that may be sent meanwhile. */
  private static final int LONGER = 500;

  private final SignallingRegistry registry = new SignallingRegistry();
  private final SignallingRegistry atReplica = new SignallingRegistry();
  private final List<Bytes> order = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch release = new CountDownLatch(1);
  private final RecordingInbound inbound = new RecordingInbound();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private ClientNetwork client(int number, int port) {
    ClientNetwork network =
        new ClientNetwork(
            TestCluster.localClient(number, Map.of(1, port)), TestCluster.settings(), registry);
    open.add(network);
    network.start(new RecordingListener());
    return network;
  }

  private ReplicaNetwork peer(int port, RecordingInbound to) throws Exception {
    ReplicaNetwork zero =
        new ReplicaNetwork(
            TestCluster.localReplica(0, Map.of(1, port)), TestCluster.settings(), registry);
    open.add(zero);
    zero.start(to);
    return zero;
  }

  private ReplicaNetwork withOneVerifier() throws Exception {
    NetworkSettings base = TestCluster.settings();
    NetworkSettings settings =
        new NetworkSettings(
            base.security(),
            base.handshake(),
            base.peers(),
            new SessionSettings(1_000, 1 << 20, 1_000, 1 << 20, 30_000, 2_000, 60_000, 30_000),
            base.clientLimits(),
            base.backoff(),
            1,
            1);
    ReplicaNetwork one =
        new ReplicaNetwork(TestCluster.localReplica(1, Map.of()), settings, atReplica);
    open.add(one);
    inbound.verdict =
        payload -> {
          order.add(payload);
          Await.changed();
          if (payload.equals(Bytes.utf8("block"))) {
            awaitRelease();
          }
          return Verdict.ACCEPTED;
        };
    one.start(inbound);
    return one;
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @DisplayName("S5 a flooding client delays a quiet one, and a peer, by a few messages only")
  void takesTurns() throws Exception {
    ReplicaNetwork one = withOneVerifier();
    ClientNetwork blocker = client(0, one.port());
    ClientNetwork flood = client(1, one.port());
    ClientNetwork quiet = client(2, one.port());
    RecordingInbound at0 = new RecordingInbound();
    ReplicaNetwork zero = peer(one.port(), at0);
    Await.until("clients", () -> inbound.clients.size() == 3);
    Await.until(
        "the clients' own ends",
        () -> blocker.reachable(R1) && flood.reachable(R1) && quiet.reachable(R1));
    Await.until("peer", () -> at0.up(1) && inbound.up(0));

    blocker.send(R1, Bytes.utf8("block"));
    Await.until("blocked", () -> order.size() == 1);
    double before = received("client");
    for (int i = 0; i < FLOOD; i++) {
      assertTrue(flood.send(R1, Bytes.wrap(new byte[100])));
    }
    Await.until("the flood's", () -> received("client") >= before + FLOOD * 144);
    Bytes quiets = Bytes.utf8("quiet".repeat(LONGER));
    Bytes peers = Bytes.utf8("peer".repeat(LONGER));
    double beforeQuiet = received("client");
    quiet.send(R1, quiets);
    Await.until("the quiet one's", () -> received("client") >= beforeQuiet + quiets.size());
    double beforePeer = received("r0");
    zero.send(R1, peers);
    Await.until("the peer's", () -> received("r0") >= beforePeer + peers.size());
    release.countDown();
    Await.until("all", () -> order.size() == FLOOD + 3);
    int quietAt = order.indexOf(quiets);
    int peerAt = order.indexOf(peers);
    assertTrue(quietAt < 40, "the quiet client's came " + quietAt + "th");
    assertTrue(peerAt < 40, "the peer's came " + peerAt + "th");
  }

  private double received(String peer) {
    return atReplica
        .get("bft_network_bytes_total")
        .tag("direction", "in")
        .tag("peer", peer)
        .counter()
        .count();
  }
}

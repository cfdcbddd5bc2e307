package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.handshake.InitiatorHandshake;
import io.tallystick.network.settings.HandshakeSettings;
import io.tallystick.network.settings.NetworkSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Connections that never prove who they are. */
final class HostileConnectionTest {
  private static final ReplicaId R1 = new ReplicaId(1);

  private final SignallingRegistry registry = new SignallingRegistry();
  private final RecordingInbound inbound = new RecordingInbound();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
    assertEquals(List.of(), inbound.changes);
  }

  private int start(HandshakeSettings handshake) throws IOException {
    NetworkSettings settings = TestCluster.settings().withHandshake(handshake);
    ReplicaNetwork network =
        new ReplicaNetwork(TestCluster.localReplica(1, Map.of()), settings, registry);
    open.add(network);
    network.start(inbound);
    return network.port();
  }

  private static HandshakeSettings within(int millis) {
    return new HandshakeSettings(512, millis, 3_000, 128, 64);
  }

  private void assertOthersAreServed(int port) throws IOException {
    try (RawConnection client = RawConnection.open(port)) {
      assertTrue(client.handshake(initiator()).isPresent());
    }
  }

  private static InitiatorHandshake initiator() {
    return new InitiatorHandshake(
        TestCluster.client(0), R1, Bytes.EMPTY, (peer, announcement) -> Optional.empty());
  }

  @Test
  @DisplayName("S1 a length beyond all limits closes the connection at once")
  void refusesALengthBeyondTheLimit() throws IOException {
    int port = start(within(60_000));
    try (RawConnection hostile = RawConnection.open(port)) {
      hostile.write(new byte[] {0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff});
      assertTrue(hostile.closedByOther());
    }
    Await.until("counted", () -> TestCluster.failures(registry, "too_long") == 1);
    assertOthersAreServed(port);
  }

  @Test
  @DisplayName("S1 one byte a minute, or none at all, is closed in time")
  void closesWhoeverIsTooSlow() throws IOException {
    int port = start(within(300));
    try (RawConnection silent = RawConnection.open(port);
        RawConnection slow = RawConnection.open(port)) {
      slow.write(new byte[] {0});
      assertTrue(silent.closedByOther());
      assertTrue(slow.closedByOther());
    }
    Await.until("counted", () -> TestCluster.failures(registry, "timeout") == 2);
    assertOthersAreServed(port);
  }

  @Test
  @DisplayName("S2 garbage of any kind closes the connection, and the node lives")
  void refusesGarbage() throws IOException {
    int port = start(within(2_000));
    Random random = new Random(7);
    List<byte[]> garbage = new ArrayList<>();
    garbage.add("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    garbage.add(new byte[] {0, 0});
    garbage.add(new byte[] {0, 1, 99});
    garbage.add(new byte[] {0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0});
    garbage.add("\u00ac\u00ed\u0000\u0005sr".getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < 40; i++) {
      byte[] bytes = new byte[1 + random.nextInt(3_000)];
      random.nextBytes(bytes);
      garbage.add(bytes);
    }
    int closed = 0;
    for (byte[] bytes : garbage) {
      try (RawConnection hostile = RawConnection.open(port)) {
        hostile.write(bytes);
        closed += hostile.closedByOther() ? 1 : 0;
      } catch (IOException e) {
        // Reset while we were still writing: closed, which is what is wanted.
        closed++;
      }
    }
    assertEquals(garbage.size(), closed);
    assertOthersAreServed(port);
  }

  @Test
  void boundsConnectionsThatProvedNothing() throws IOException {
    int port = start(new HandshakeSettings(512, 60_000, 3_000, 10, 4));
    List<RawConnection> idle = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      idle.add(RawConnection.open(port));
    }
    // Accepted in the order in which they came.
    try (RawConnection fifth = RawConnection.open(port)) {
      assertTrue(fifth.closedByOther());
    }
    Await.until("counted", () -> TestCluster.failures(registry, "too_many_connections") == 1);
    for (RawConnection each : idle) {
      each.close();
    }
    Await.until("freed", () -> TestCluster.failures(registry, "broken") == 4);
    assertOthersAreServed(port);
  }

  @Test
  void neverMakesASessionOfATamperedHandshake() throws IOException {
    int port = start(within(5_000));
    try (ByteProxy proxy = new ByteProxy(port)) {
      // With nothing changed there is one, so the proxy isn't what prevents it.
      try (RawConnection client = RawConnection.open(proxy.port())) {
        assertTrue(client.handshake(initiator()).isPresent());
      }
      int helloLength = 2 + initiator().first().orElseThrow().size();
      int authLength = 2 + 1 + 64;
      int responseLength = helloLength + 64;
      int acceptLength = 2 + 1;
      for (int at = 0; at < helloLength + authLength; at++) {
        proxy.flip(at, -1);
        assertNoSession(proxy, "initiator's byte " + at);
      }
      for (int at = 0; at < responseLength + acceptLength; at++) {
        proxy.flip(-1, at);
        assertNoSession(proxy, "responder's byte " + at);
      }
    }
    assertEquals(List.of(), inbound.everOpened);
  }

  private static void assertNoSession(ByteProxy proxy, String what) throws IOException {
    try (RawConnection client = RawConnection.open(proxy.port())) {
      client.patience(500);
      assertFalse(client.handshake(initiator()).isPresent(), what);
    } catch (IOException e) {
      // Reset by the other side: no session.
      return;
    }
  }
}

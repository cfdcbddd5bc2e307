package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.host.ClientSession;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.frame.FrameReader;
import io.tallystick.network.frame.FrameWriter;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.InitiatorHandshake;
import io.tallystick.network.settings.ClientLimits;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.SessionSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Clients that proved their key, and then misbehave. */
final class HostileSessionTest {
  private static final ReplicaId R1 = new ReplicaId(1);
  private static final SessionSettings PATIENT =
      new SessionSettings(64, 1 << 20, 1_024, 8 << 20, 60_000, 20_000, 60_000, 60_000);

  private final SignallingRegistry registry = new SignallingRegistry();
  private final RecordingInbound inbound = new RecordingInbound();
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private int start(NetworkSettings settings) throws IOException {
    ReplicaNetwork network =
        new ReplicaNetwork(TestCluster.localReplica(1, Map.of()), settings, registry);
    open.add(network);
    network.start(inbound);
    return network.port();
  }

  private static NetworkSettings clients(SessionSettings ofClients) {
    return TestCluster.settings().withSessions(SessionSettings.OF_PEER, ofClients);
  }

  /** A client with a session, and the means to misuse it. */
  private record Rogue(RawConnection connection, FrameWriter writer, FrameReader reader) {
    void send(Bytes payload) throws IOException {
      connection.write(RawConnection.frame(writer, payload));
    }
  }

  private Rogue rogue(int port, int client) throws IOException {
    RawConnection connection = RawConnection.open(port);
    open.add(connection);
    Agreement agreement =
        connection
            .handshake(
                new InitiatorHandshake(
                    TestCluster.client(client),
                    R1,
                    Bytes.EMPTY,
                    (peer, announcement) -> Optional.empty()))
            .orElseThrow();
    Rogue rogue =
        new Rogue(
            connection,
            new FrameWriter(agreement),
            new FrameReader(agreement, TestCluster.PARAMETERS.frameBytesMax()));
    rogue.send(Bytes.EMPTY);
    return rogue;
  }

  private ClientSession sessionOf(int client) {
    Await.until("session of client " + client, () -> find(client).isPresent());
    return find(client).orElseThrow();
  }

  private Optional<ClientSession> find(int client) {
    return inbound.clients.stream()
        .filter(session -> session.client().equals(TestCluster.clientKey(client).publicKey()))
        .findFirst();
  }

  private void assertClosedFor(Rogue rogue, String reason) throws IOException {
    assertTrue(rogue.connection().closedByOther());
    Await.until(reason, () -> TestCluster.failures(registry, reason) == 1);
    Await.until("told", () -> inbound.clients.isEmpty());
    assertEquals(List.of(), inbound.fromClients);
  }

  @Test
  @DisplayName("S1 a frame of 2 GB, or of a negative length, ends the session unread")
  void refusesAFrameBeyondTheLimit() throws IOException {
    int port = start(clients(PATIENT));
    Rogue huge = rogue(port, 0);
    sessionOf(0);
    huge.connection().write(ByteBuffer.allocate(12).putInt(Integer.MAX_VALUE).putLong(1).array());
    assertClosedFor(huge, "frame_too_long");
    Rogue negative = rogue(port, 1);
    sessionOf(1);
    negative.connection().write(ByteBuffer.allocate(12).putInt(-1).putLong(1).array());
    assertTrue(negative.connection().closedByOther());
    Await.until("counted", () -> TestCluster.failures(registry, "frame_too_long") == 2);
  }

  @Test
  void refusesAFrameThatOnlyReplicasMaySend() throws IOException {
    int port = start(clients(PATIENT));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    int length = TestCluster.PARAMETERS.frameBytesMax();
    rogue.connection().write(ByteBuffer.allocate(12).putInt(length).putLong(1).array());
    assertClosedFor(rogue, "frame_too_long");
  }

  @Test
  void refusesAFrameWithAFlippedByte() throws IOException {
    int port = start(clients(PATIENT));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    byte[] frame = RawConnection.frame(rogue.writer(), Bytes.utf8("payload"));
    frame[frame.length - 1] ^= 1;
    rogue.connection().write(frame);
    assertClosedFor(rogue, "wrong_mac");
  }

  @Test
  @DisplayName("S13 a frame sent twice, or out of turn, ends the session")
  void refusesAReplayedFrame() throws IOException {
    int port = start(clients(PATIENT));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    byte[] skipped = RawConnection.frame(rogue.writer(), Bytes.utf8("never sent"));
    assertTrue(skipped.length > 0);
    rogue.send(Bytes.utf8("out of turn"));
    assertClosedFor(rogue, "wrong_counter");
  }

  @Test
  @DisplayName("S1 an authenticated sender of one byte a minute is closed too")
  void closesWhoeverDoesNotFinishAFrame() throws IOException {
    int port =
        start(clients(new SessionSettings(64, 1 << 20, 64, 1 << 20, 200, 20_000, 60_000, 60_000)));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    byte[] frame = RawConnection.frame(rogue.writer(), Bytes.utf8("payload"));
    rogue.connection().write(Arrays.copyOf(frame, frame.length - 1));
    assertClosedFor(rogue, "frame_too_slow");
  }

  @Test
  void aTruncatedFrameIsNeverProcessed() throws IOException {
    int port = start(clients(PATIENT));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    byte[] frame = RawConnection.frame(rogue.writer(), Bytes.utf8("payload"));
    rogue.connection().write(Arrays.copyOf(frame, frame.length - 1));
    rogue.connection().close();
    Await.until("told", () -> inbound.clients.isEmpty());
    assertEquals(List.of(), inbound.fromClients);
  }

  @Test
  void endsASessionThatFellSilent() throws IOException {
    int port =
        start(clients(new SessionSettings(64, 1 << 20, 64, 1 << 20, 60_000, 50, 200, 60_000)));
    Rogue rogue = rogue(port, 0);
    sessionOf(0);
    assertTrue(rogue.connection().closedByOther());
    Await.until(
        "counted",
        () -> TestCluster.count(registry, "bft_network_sessions_ended_total", "silent") == 1);
  }

  @Test
  @DisplayName("S7 whoever doesn't read is dropped from, then closed; others are served")
  void boundsWhatWaitsForANonReader() throws IOException {
    int port =
        start(clients(new SessionSettings(64, 1 << 20, 64, 1 << 20, 60_000, 20_000, 60_000, 500)));
    rogue(port, 0);
    Rogue reader = rogue(port, 1);
    ClientSession stuck = sessionOf(0);
    ClientSession fine = sessionOf(1);
    Bytes chunk = Bytes.wrap(new byte[64 << 10]);
    // The kernel takes some megabytes; after that, the queue's bound shows.
    int queued = 0;
    while (stuck.send(chunk)) {
      queued++;
    }
    assertTrue(queued >= 15, "queued: " + queued);
    assertTrue(fine.send(Bytes.utf8("for the reader")));
    assertEquals(Bytes.utf8("for the reader"), reader.connection().read(reader.reader()));
    Await.until(
        "closed",
        () -> {
          boolean taken = stuck.send(chunk);
          return !taken
              && TestCluster.count(registry, "bft_network_sessions_ended_total", "stalled") == 1;
        });
    Await.until("told", () -> !inbound.clients.contains(stuck));
    assertFalse(stuck.send(chunk));
    assertTrue(fine.send(Bytes.utf8("again")));
    assertEquals(Bytes.utf8("again"), reader.connection().read(reader.reader()));
  }

  @Test
  void stopsReadingFromWhoeverIsAhead() throws Exception {
    int port =
        start(
            clients(new SessionSettings(4, 1 << 20, 64, 1 << 20, 60_000, 20_000, 60_000, 60_000)));
    CountDownLatch release = new CountDownLatch(1);
    inbound.verdict =
        payload -> {
          if (payload.equals(Bytes.utf8("slow"))) {
            waitFor(release);
          }
          return Verdict.ACCEPTED;
        };
    Rogue ahead = rogue(port, 0);
    Rogue other = rogue(port, 1);
    sessionOf(0);
    sessionOf(1);
    ahead.send(Bytes.utf8("slow"));
    // More than the kernel's buffers hold: the writer blocks unless somebody reads.
    Bytes large = Bytes.wrap(new byte[512 << 10]);
    int count = 64;
    Thread writing =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < count; i++) {
                      ahead.send(large);
                    }
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
    other.send(Bytes.utf8("other"));
    Await.until("the other's", () -> inbound.fromClients.contains(Bytes.utf8("other")));
    double arrived =
        registry
            .get("bft_network_bytes_total")
            .tag("direction", "in")
            .tag("peer", "client")
            .counter()
            .count();
    assertTrue(arrived < 4 * (512 << 10), "read on: " + arrived + " bytes");
    assertTrue(writing.isAlive());
    release.countDown();
    Await.until("all of it", () -> inbound.fromClients.size() == count + 2);
    writing.join();
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void limitsSessionsPerKeyAndInTotal() throws IOException {
    int port = start(TestCluster.settings().withClientLimits(new ClientLimits(3, 2, 100, 1 << 20)));
    Rogue first = rogue(port, 0);
    rogue(port, 0);
    assertRefused(port, 0);
    rogue(port, 1);
    assertRefused(port, 2);
    assertEquals(2, TestCluster.failures(registry, "too_many_sessions"));
    Await.until("sessions", () -> inbound.clients.size() == 3);
    first.connection().close();
    Await.until("gone", () -> inbound.clients.size() == 2);
    rogue(port, 2);
    Await.until("sessions", () -> inbound.clients.size() == 3);
  }

  private static void assertRefused(int port, int client) throws IOException {
    try (RawConnection connection = RawConnection.open(port)) {
      assertFalse(
          connection
              .handshake(
                  new InitiatorHandshake(
                      TestCluster.client(client),
                      R1,
                      Bytes.EMPTY,
                      (peer, announcement) -> Optional.empty()))
              .isPresent());
    }
  }

  @Test
  void closesWhoeverHoldsMoreThanItsShareOfTheBudget() throws IOException {
    int port = start(clients(PATIENT).withClientLimits(new ClientLimits(10, 10, 10, 256 << 10)));
    Rogue small = rogue(port, 0);
    Rogue greedy = rogue(port, 1);
    sessionOf(0);
    sessionOf(1);
    byte[] frame = RawConnection.frame(greedy.writer(), Bytes.wrap(new byte[1 << 20]));
    greedy.connection().write(Arrays.copyOf(frame, 512 << 10));
    assertTrue(greedy.connection().closedByOther());
    Await.until("counted", () -> TestCluster.failures(registry, "over_budget") == 1);
    small.send(Bytes.utf8("small"));
    Await.until("served", () -> inbound.fromClients.equals(List.of(Bytes.utf8("small"))));
  }
}

package io.tallystick.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bytes that nobody should send, on every port there is, while others append. */
class HostileBytesTest {
  /** Every connection must be closed by then, whoever sends how slowly. */
  private static final Duration CLOSED = Duration.ofSeconds(45);

  private static final int APPEND_MILLIS_MAX = 2_000;

  @RegisterExtension static final Processes PROCESSES = new Processes();

  private static Cluster cluster;
  private static Callers callers;

  /** Connections to ports of HTTP that never say a right request: some take long to be closed. */
  private static final List<Socket> HOSTILE = new ArrayList<>();

  @BeforeAll
  static void startsWithCallersThatAppend() throws Exception {
    cluster = PROCESSES.init("ledger").start();
    callers = new Callers(cluster, 4, "neighbour");
    callers.start();
    for (int port : List.of(cluster.gatewayPort(), cluster.replicaPort(1, "admin_address"))) {
      for (byte[] opening : httpOpenings()) {
        Socket socket = connect(port);
        HOSTILE.add(socket);
        send(socket, opening);
      }
    }
  }

  @AfterAll
  static void stopsTheCallers() throws Exception {
    callers.stop();
    assertEquals(0, callers.cutOff());
    assertTrue(callers.receipts() > 100, "receipts: " + callers.receipts());
    assertTrue(callers.p99Millis() <= APPEND_MILLIS_MAX, "p99: " + callers.p99Millis() + " ms");
  }

  @AfterEach
  void everybodyLives() throws Exception {
    int before = callers.receipts();
    Await.until("further appends", Duration.ofSeconds(10), () -> callers.receipts() >= before + 10);
    for (String node : cluster.nodes()) {
      assertTrue(cluster.process(node).isAlive(), node);
    }
    for (int id = 0; id < 4; id++) {
      assertEquals(0, cluster.metrics(id).sum("bft_invariant_violations_total"));
    }
  }

  @Test
  @DisplayName("S1 a length of 2 GiB or below zero closes a replica's connection")
  void closesOnAbsurdLengths() throws Exception {
    double before = faults();
    List<byte[]> openings = new ArrayList<>();
    for (int length : List.of(Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1 << 30)) {
      openings.add(ByteBuffer.allocate(64).putInt(length).array());
      openings.add(ByteBuffer.allocate(64).putInt(Integer.reverseBytes(length)).array());
    }
    for (byte[] opening : openings) {
      assertClosed(replica(), opening);
    }
    assertCounted(before, openings.size());
  }

  @Test
  @DisplayName("S2 S8 garbage on a replica's port closes the connection, and is counted")
  void closesOnGarbage() throws Exception {
    double before = faults();
    Random random = new Random(1);
    for (int i = 0; i < 30; i++) {
      byte[] garbage = new byte[1 + random.nextInt(5_000)];
      random.nextBytes(garbage);
      assertClosed(replica(), garbage);
    }
    // What other protocols would say first, a serialized Java object among it
    byte[] serialized =
        ByteBuffer.allocate(16).putShort((short) 0xaced).putShort((short) 5).array();
    assertClosed(replica(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(UTF_8));
    assertClosed(replica(), serialized);
    assertCounted(before, 30);
  }

  @Test
  @DisplayName("S1 truncated frames and one byte at a time end at the handshake's time limit")
  void closesOnSilenceAndSlowness() throws Exception {
    double before = faults();
    List<Socket> sockets = new ArrayList<>();
    byte[] truncated = ByteBuffer.allocate(14).putInt(100).array();
    for (int i = 0; i < 5; i++) {
      Socket silent = connect(replica());
      sockets.add(silent);
      Socket half = connect(replica());
      half.getOutputStream().write(truncated);
      sockets.add(half);
    }
    Socket slow = connect(replica());
    sockets.add(slow);
    assertTrue(bytesUntilClosed(slow) < 200, "one byte at a time went on for ever");
    for (Socket socket : sockets) {
      assertEnds(socket);
    }
    // Who sent half a frame and closed himself costs nothing either
    try (Socket gone = connect(replica())) {
      gone.getOutputStream().write(truncated);
    }
    assertCounted(before, 1);
  }

  @Test
  @DisplayName("S1 a body that was promised and never comes keeps nobody else waiting")
  void waitsForABodyByItself() throws Exception {
    try (Socket promised = connect(cluster.gatewayPort())) {
      promised
          .getOutputStream()
          .write(
              ("POST /v1/streams/x/entries HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
                      + cluster.http().token()
                      + "\r\nContent-Length: 1000\r\n\r\n{")
                  .getBytes(UTF_8));
      cluster.http().append("x", "{\"meanwhile\":true}").expect(201);
    }
  }

  @Test
  @DisplayName("S7 a flood of connections that say nothing leaves room for those that do")
  void survivesManySilentConnections() throws Exception {
    List<Socket> flood = new ArrayList<>();
    try {
      for (int i = 0; i < 400; i++) {
        flood.add(connect(replica()));
      }
      cluster.http().append("flood", "{\"during\":true}").expect(201);
    } catch (SocketException e) {
      // The replica may close early: that is one way to leave room
      assertTrue(flood.size() > 10, e.toString());
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
    }
  }

  @Test
  @DisplayName("S1 what never becomes a request is closed on the ports of HTTP, too")
  void closesWhatNeverBecomesARequest() throws Exception {
    for (Socket socket : HOSTILE) {
      assertEnds(socket);
    }
    assertTrue(cluster.metrics(1).has("bft_executed_seq"));
  }

  private static byte[] garbage(int length) {
    byte[] garbage = new byte[length];
    new Random(2).nextBytes(garbage);
    return garbage;
  }

  private static List<byte[]> httpOpenings() {
    byte[] endless = new byte[200_000];
    Arrays.fill(endless, (byte) 'a');
    List<byte[]> openings = new ArrayList<>(List.of(endless, new byte[0], garbage(3_000)));
    for (String text :
        List.of(
            new String(garbage(300), ISO_8859_1) + "\r\n\r\n",
            "GET /he",
            "NONSENSE\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET /healthz HTTP/1.1\r\nHost: x\r\nX: ",
            "POST /v1/streams/x/entries HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n")) {
      byte[] head = text.getBytes(ISO_8859_1);
      openings.add(
          text.endsWith("X: ")
              ? ByteBuffer.allocate(head.length + endless.length).put(head).put(endless).array()
              : head);
    }
    return openings;
  }

  private static int replica() throws IOException {
    return cluster.replicaPort(1, "listen");
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  /** Sends bytes to a port, and waits until the other side has closed. */
  private static void assertClosed(int port, byte[] bytes) throws IOException {
    Socket socket = connect(port);
    send(socket, bytes);
    assertEnds(socket);
  }

  private static void send(Socket socket, byte[] bytes) throws IOException {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException e) {
      // Closed while we were sending: all the better
      socket.shutdownInput();
    }
  }

  private static void assertEnds(Socket socket) throws IOException {
    try (socket) {
      socket.setSoTimeout((int) CLOSED.toMillis());
      byte[] answer = new byte[8_192];
      int read = 0;
      while (read >= 0) {
        read = socket.getInputStream().read(answer);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("not closed after " + CLOSED.toMillis() + " ms", e);
    } catch (SocketException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("reset"), e.toString());
    }
  }

  /** Sends a byte now and then until the other side closes; answers how many went. */
  private static int bytesUntilClosed(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    socket.setSoTimeout(100);
    int sent = 0;
    while (sent < 400) {
      try {
        out.write(0);
        if (socket.getInputStream().read() < 0) {
          return sent;
        }
      } catch (SocketTimeoutException e) {
        // Still open, which is fine until the handshake's time is over
        sent++;
      } catch (SocketException e) {
        return sent;
      }
    }
    return sent;
  }

  private static double faults() throws IOException, InterruptedException {
    return cluster.metrics(1).sum("bft_auth_failures_total");
  }

  private static void assertCounted(double before, int more) {
    Await.until(
        more + " failures more than " + before,
        Duration.ofSeconds(20),
        () -> faults() >= before + more);
  }
}

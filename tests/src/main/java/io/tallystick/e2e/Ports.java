package io.tallystick.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Free ports of loopback, below those that the system gives to outgoing connections. */
final class Ports {
  private static final int FIRST = 15_000;
  private static final int END = 32_000;

  private Ports() {}

  static int free() throws IOException {
    IOException taken = new IOException("no port was tried");
    for (int i = 0; i < 200; i++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, END);
      try (ServerSocket _ = listen(port)) {
        return port;
      } catch (java.net.BindException e) {
        taken = e;
      }
    }
    throw new IOException("no free port found on loopback", taken);
  }

  /** Takes a port of loopback. */
  static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}

package io.tallystick.ledger.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Finds TCP ports of loopback that nobody listens on, by binding them. All are below 32768, where
 * the system's own choice for outgoing connections begins, so that they are still free when a
 * cluster starts again.
 */
public final class FreePorts {
  private static final int FIRST = 10_000;
  private static final int LAST = 32_767;
  private static final int TRIES = 20_000;

  private FreePorts() {}

  /**
   * So many different ports, from a random place on, so that clusters made side by side differ.
   *
   * @throws CommandException when there are none
   */
  public static List<Integer> choose(int count, RandomGenerator random) {
    Set<Integer> ports = new LinkedHashSet<>();
    int port = random.nextInt(FIRST, LAST + 1);
    for (int tries = 0; tries < TRIES && ports.size() < count; tries++) {
      if (isFree(port)) {
        ports.add(port);
      }
      port = port == LAST ? FIRST : port + 1;
    }
    if (ports.size() < count) {
      throw new CommandException(
          ExitStatus.FAILED,
          "ports: " + ports.size() + " free ones found (expected: " + count + ", 10000 to 32767)");
    }
    return List.copyOf(ports);
  }

  /** Whether nobody listens on this port of loopback. */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      // As servers do: a port whose last connections are still closing counts as free
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}

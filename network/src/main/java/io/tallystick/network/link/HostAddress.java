package io.tallystick.network.link;

/**
 * Where a replica listens.
 *
 * @param host a name or a literal address, IPv6 without brackets
 * @param port 0 to 65535; 0 only where a free one may be chosen
 */
public record HostAddress(String host, int port) {
  /** Refuses what can't be connected to. */
  public HostAddress {
    if (host.isEmpty() || host.length() > 255) {
      throw new IllegalArgumentException("host: \"" + host + "\" (expected: 1 to 255 characters)");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0 to 65535)");
    }
  }

  /** Parses {@code host:port} or {@code [IPv6]:port}. */
  public static HostAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("address: \"" + text + "\" (expected: host:port)");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("address: \"" + text + "\" (expected: [IPv6]:port)");
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException(
          "address: \"" + text + "\" (expected: a port of 0 to 65535 after the colon)");
    }
    return new HostAddress(host, Integer.parseInt(port));
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}

package io.tallystick.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A host and a TCP port, written {@code host:port}, an IPv6 host in brackets.
 *
 * @param host a name or a literal address, without brackets
 * @param port 1 to 65535; 0 asks the system for a free one, where that makes sense
 */
public record Address(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9a-fA-F:.]{2,45})\\]|([A-Za-z0-9._-]{1,253})):(0|[1-9][0-9]{0,4})");

  /**
   * Reads {@code host:port}.
   *
   * @throws IllegalArgumentException whose message says what is wrong and what would be right
   */
  public static Address parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(3)) > 65535) {
      throw new IllegalArgumentException(
          "\"" + text + "\" (expected: host:port, port 1 to 65535, for example 127.0.0.1:9100)");
    }
    String host = form.group(1) == null ? form.group(2) : form.group(1);
    return new Address(host, Integer.parseInt(form.group(3)));
  }

  /**
   * Whether packets to it stay on this machine: a literal loopback address, or {@code localhost}. A
   * name that resolves to loopback today doesn't count.
   */
  public boolean isLoopback() {
    if (host.equals("localhost")) {
      return true;
    }
    if (!host.contains(":") && !host.matches("[0-9.]+")) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}

package io.tallystick.network.link;

import io.tallystick.network.settings.HandshakeSettings;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** Counts accepted connections that haven't proved who they are, by remote address. Any thread. */
final class UnauthenticatedConnections {
  private final HandshakeSettings settings;
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();
  private int total;

  UnauthenticatedConnections(HandshakeSettings settings) {
    this.settings = settings;
  }

  synchronized boolean enter(InetAddress remote) {
    int there = byAddress.getOrDefault(remote, 0);
    if (total >= settings.unauthenticatedMax()
        || there >= settings.unauthenticatedPerAddressMax()) {
      return false;
    }
    total++;
    byAddress.put(remote, there + 1);
    return true;
  }

  synchronized void leave(InetAddress remote) {
    total--;
    byAddress.computeIfPresent(remote, (address, there) -> there == 1 ? null : there - 1);
  }
}

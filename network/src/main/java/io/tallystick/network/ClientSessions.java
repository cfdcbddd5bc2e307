package io.tallystick.network;

import io.tallystick.bft.host.ClientSession;
import io.tallystick.bft.host.Inbound;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.session.Session;
import io.tallystick.network.session.SessionEnd;
import io.tallystick.network.session.SessionEvents;
import io.tallystick.network.settings.ClientLimits;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A replica's sessions with clients, and the bounds on them. Any thread. */
final class ClientSessions {
  private final ClientLimits limits;
  private final Inbound inbound;
  private final Map<PublicKey, Integer> byKey = new HashMap<>();
  private final Map<InetAddress, Integer> byAddress = new HashMap<>();
  private final Set<Session> open = ConcurrentHashMap.newKeySet();
  private int total;

  ClientSessions(ClientLimits limits, Inbound inbound) {
    this.limits = limits;
    this.inbound = inbound;
  }

  synchronized Optional<HandshakeRefusal> admit(PublicKey key, InetAddress remote) {
    int ofKey = byKey.getOrDefault(key, 0);
    int there = byAddress.getOrDefault(remote, 0);
    if (total >= limits.sessionsMax()
        || ofKey >= limits.sessionsPerKeyMax()
        || there >= limits.sessionsPerAddressMax()) {
      return Optional.of(HandshakeRefusal.TOO_MANY_SESSIONS);
    }
    total++;
    byKey.put(key, ofKey + 1);
    byAddress.put(remote, there + 1);
    return Optional.empty();
  }

  synchronized void gone(PublicKey key, InetAddress remote) {
    total--;
    byKey.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1);
    byAddress.computeIfPresent(remote, (same, count) -> count == 1 ? null : count - 1);
  }

  SessionEvents events(PublicKey key) {
    return new Events(key);
  }

  void closeAll() {
    open.forEach(session -> session.close(SessionEnd.SHUTDOWN));
  }

  /** One client's session, as the host sees it and as the network tells of it. */
  private final class Events implements SessionEvents, ClientSession {
    private final PublicKey key;
    // Set by the first call of all, before anybody else sees this object.
    private volatile @Nullable Session session;

    Events(PublicKey key) {
      this.key = key;
    }

    @Override
    public PublicKey client() {
      return key;
    }

    @Override
    public boolean send(Bytes payload) {
      Session to = session;
      return to != null && to.send(payload);
    }

    @Override
    public void opened(Session opened) {
      session = opened;
      open.add(opened);
      inbound.opened(this);
    }

    @Override
    public Verdict received(Session from, Bytes payload) {
      return inbound.fromClient(this, payload);
    }

    @Override
    public void closed(Session closed, SessionEnd end) {
      open.remove(closed);
      inbound.closed(this);
    }
  }
}

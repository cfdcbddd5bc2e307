package io.tallystick.network;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.handshake.LocalIdentity;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.link.Connections;
import io.tallystick.network.link.Dialer;
import io.tallystick.network.link.SessionHost;
import io.tallystick.network.session.ByteBudget;
import io.tallystick.network.session.Lane;
import io.tallystick.network.session.NetworkMeters;
import io.tallystick.network.session.Session;
import io.tallystick.network.session.SessionEnd;
import io.tallystick.network.session.SessionEvents;
import io.tallystick.network.session.SessionTerms;
import io.tallystick.network.settings.NetworkSettings;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client's network: dials all replicas, and keeps dialling. For gateways, tools, followers. */
public final class ClientNetwork implements AutoCloseable {
  private final LocalClient local;
  private final NetworkSettings settings;
  private final NetworkMeters meters;
  private final List<Dialer> dialers = new ArrayList<>();
  private volatile @Nullable Running running;
  private boolean closed;

  /** Makes one that does nothing yet: {@link #send} answers false. */
  public ClientNetwork(LocalClient local, NetworkSettings settings, MeterRegistry registry) {
    this.local = local;
    this.settings = settings;
    this.meters = new NetworkMeters(registry);
  }

  private record Running(Connections connections, PeerSessions replicas) {}

  /**
   * Dials from now on.
   *
   * @throws IllegalStateException when it was started or closed before
   */
  public synchronized void start(ClientListener listener) {
    if (running != null || closed) {
      throw new IllegalStateException("client's network: started or closed before");
    }
    LocalIdentity identity =
        new LocalIdentity(
            new Party.Client(local.key().publicKey()),
            local.key(),
            local.cluster(),
            local.membership(),
            () -> Announcement.OF_CLIENT,
            new SecureRandom());
    PeerSessions replicas = new PeerSessions(local.membership().ids(), listener::reachable);
    Connections connections =
        new Connections("client", identity, settings, new Host(listener, replicas), meters);
    running = new Running(connections, replicas);
    local.membership().ids().forEach(id -> dialers.add(dialer(connections, id)));
    dialers.forEach(Dialer::start);
  }

  private Dialer dialer(Connections connections, ReplicaId id) {
    return new Dialer(connections, id, ClusterAddresses.of(id, local.addresses()));
  }

  /**
   * Queues an encoded client message for a replica; never blocks. Any thread.
   *
   * @return false when there is no session, its queue is full, or the message is too large: it is
   *     dropped
   */
  public boolean send(ReplicaId to, Bytes payload) {
    Running now = running;
    Session session = now == null ? null : now.replicas().of(to);
    if (session == null) {
      meters.dropped(to.toString()).increment();
      return false;
    }
    return session.send(payload);
  }

  /** Whether there is a session with this replica. */
  public boolean reachable(ReplicaId replica) {
    Running now = running;
    return now != null && now.replicas().of(replica) != null;
  }

  /** Closes all sessions and ends the threads; what was received is processed before. */
  @Override
  public synchronized void close() {
    closed = true;
    Running now = running;
    if (now == null) {
      return;
    }
    running = null;
    now.replicas().closeAll();
    dialers.forEach(Dialer::close);
    now.connections().close();
  }

  /** Takes what the replicas say. */
  private final class Host implements SessionHost {
    private final ClientListener listener;
    private final PeerSessions replicas;
    private final ByteBudget budget = ByteBudget.unlimited();

    Host(ClientListener listener, PeerSessions replicas) {
      this.listener = listener;
      this.replicas = replicas;
    }

    @Override
    public Optional<HandshakeRefusal> admit(
        Party peer, Announcement announcement, InetAddress remote) {
      // Whom a client dialled is checked already; incarnations are the replicas' business.
      return peer instanceof Party.Replica
          ? Optional.empty()
          : Optional.of(HandshakeRefusal.WRONG_PEER);
    }

    @Override
    public SessionTerms terms(Party peer) {
      if (!(peer instanceof Party.Replica(var id))) {
        throw new IllegalStateException("peer: " + peer + " (expected: a replica)");
      }
      return new SessionTerms(
          settings.peers(),
          FrameLimits.ofReplica(local.parameters()),
          FrameLimits.ofClient(local.parameters()),
          budget,
          Lane.PEERS,
          new Events(id, listener, replicas));
    }

    @Override
    public void gone(Party peer, InetAddress remote) {}
  }

  private record Events(ReplicaId replica, ClientListener listener, PeerSessions replicas)
      implements SessionEvents {
    @Override
    public void opened(Session session) {
      replicas.opened(replica, session);
    }

    @Override
    public Verdict received(Session session, Bytes payload) {
      return listener.received(replica, payload);
    }

    @Override
    public void closed(Session session, SessionEnd end) {
      replicas.closed(replica, session);
    }
  }
}

package io.tallystick.network;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.tallystick.bft.host.Inbound;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.host.Transport;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.handshake.IncarnationRegister;
import io.tallystick.network.handshake.LocalIdentity;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.link.BindFailedException;
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
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A replica's network: listens for peers and clients, dials the peers with higher ids (so of two
 * replicas the one with the lower id dials, and they never meet twice), and keeps dialling.
 */
public final class ReplicaNetwork implements Transport, AutoCloseable {
  private final LocalReplica local;
  private final NetworkSettings settings;
  private final NetworkMeters meters;
  private final IncarnationRegister incarnations = new IncarnationRegister();
  private final List<Dialer> dialers = new ArrayList<>();
  private volatile @Nullable Running running;
  private boolean closed;

  /** Makes one that does nothing yet: {@link #send} answers false. */
  public ReplicaNetwork(LocalReplica local, NetworkSettings settings, MeterRegistry registry) {
    this.local = local;
    this.settings = settings;
    this.meters = new NetworkMeters(registry);
  }

  private record Running(
      Connections connections, Channel listening, PeerSessions peers, ClientSessions clients) {}

  /**
   * Listens and dials from now on.
   *
   * @throws BindFailedException when the listen address can't be had; nothing runs then
   * @throws IllegalStateException when it was started or closed before
   */
  public synchronized void start(Inbound inbound) throws BindFailedException {
    if (running != null || closed) {
      throw new IllegalStateException("network of " + local.id() + ": started or closed before");
    }
    LocalIdentity identity =
        new LocalIdentity(
            new Party.Replica(local.id()),
            local.key(),
            local.cluster(),
            local.membership(),
            local.announcement(),
            new SecureRandom());
    List<ReplicaId> others =
        local.membership().ids().stream().filter(id -> !id.equals(local.id())).toList();
    PeerSessions peers = new PeerSessions(others, inbound::peerReachable);
    ClientSessions clients = new ClientSessions(settings.clientLimits(), inbound);
    Connections connections =
        new Connections(
            local.id().toString(), identity, settings, new Host(inbound, peers, clients), meters);
    try {
      running = new Running(connections, connections.listen(local.listen()), peers, clients);
    } catch (BindFailedException e) {
      connections.close();
      throw e;
    }
    for (ReplicaId other : others) {
      if (local.id().compareTo(other) < 0) {
        dialers.add(new Dialer(connections, other, ClusterAddresses.of(other, local.addresses())));
      }
    }
    dialers.forEach(Dialer::start);
  }

  /** The port that we listen on. */
  public int port() {
    Running now = running;
    if (now == null || !(now.listening().localAddress() instanceof InetSocketAddress address)) {
      throw new IllegalStateException("network of " + local.id() + ": not started");
    }
    return address.getPort();
  }

  @Override
  public boolean send(ReplicaId to, Bytes payload) {
    Running now = running;
    Session session = now == null ? null : now.peers().of(to);
    if (session == null) {
      meters.dropped(to.toString()).increment();
      return false;
    }
    return session.send(payload);
  }

  /** What a peer last said of itself in a handshake, under its signature. */
  public Optional<Announcement> announcement(ReplicaId peer) {
    return incarnations.announcement(peer);
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
    now.listening().close().awaitUninterruptibly();
    now.peers().closeAll();
    now.clients().closeAll();
    dialers.forEach(Dialer::close);
    now.connections().close();
  }

  /** Who gets a session with us. */
  private final class Host implements SessionHost {
    private final Inbound inbound;
    private final PeerSessions peers;
    private final ClientSessions clients;

    /** The current session of a peer, and redials before their first frame. */
    private static final int SESSIONS_PER_PEER_MAX = 4;

    private final Map<ReplicaId, Integer> sessionsOfPeers = new ConcurrentHashMap<>();
    private final ByteBudget peerBudget = ByteBudget.unlimited();
    private final ByteBudget clientBudget = new ByteBudget(settings.clientLimits().bytesMax());

    Host(Inbound inbound, PeerSessions peers, ClientSessions clients) {
      this.inbound = inbound;
      this.peers = peers;
      this.clients = clients;
    }

    @Override
    public Optional<HandshakeRefusal> admit(
        Party peer, Announcement announcement, InetAddress remote) {
      return switch (peer) {
        case Party.Replica(var id) ->
            sessionsOfPeers.getOrDefault(id, 0) >= SESSIONS_PER_PEER_MAX
                ? Optional.of(HandshakeRefusal.TOO_MANY_SESSIONS)
                : incarnations.admit(id, announcement);
        case Party.Client(var key) -> clients.admit(key, remote);
      };
    }

    @Override
    public SessionTerms terms(Party peer) {
      int ofReplica = FrameLimits.ofReplica(local.parameters());
      return switch (peer) {
        case Party.Replica(var id) -> {
          sessionsOfPeers.merge(id, 1, Integer::sum);
          yield new SessionTerms(
              settings.peers(),
              ofReplica,
              ofReplica,
              peerBudget,
              Lane.PEERS,
              new PeerEvents(id, inbound, peers));
        }
        case Party.Client(var key) ->
            new SessionTerms(
                settings.clients(),
                FrameLimits.ofClient(local.parameters()),
                ofReplica,
                clientBudget,
                Lane.CLIENTS,
                clients.events(key));
      };
    }

    @Override
    public void gone(Party peer, InetAddress remote) {
      switch (peer) {
        case Party.Client(var key) -> clients.gone(key, remote);
        case Party.Replica(var id) ->
            sessionsOfPeers.computeIfPresent(id, (any, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  private record PeerEvents(ReplicaId peer, Inbound inbound, PeerSessions peers)
      implements SessionEvents {
    @Override
    public void opened(Session session) {
      peers.opened(peer, session);
    }

    @Override
    public Verdict received(Session session, Bytes payload) {
      return inbound.fromPeer(peer, payload);
    }

    @Override
    public void closed(Session session, SessionEnd end) {
      peers.closed(peer, session);
    }
  }
}

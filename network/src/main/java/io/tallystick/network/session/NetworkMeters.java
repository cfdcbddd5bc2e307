package io.tallystick.network.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.network.handshake.HandshakeRefusal;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network's figures. The label {@code peer} is a replica that proved its id, {@code client}, or
 * {@code unauthenticated}: nobody can make it grow, or be counted under another's name. Any thread.
 */
public final class NetworkMeters {
  /** The label of whoever hasn't proved anything. */
  public static final String UNAUTHENTICATED = "unauthenticated";

  private final MeterRegistry registry;
  private final AtomicInteger peerSessions = new AtomicInteger();
  private final AtomicInteger clientSessions = new AtomicInteger();
  private final AtomicInteger unauthenticated = new AtomicInteger();

  /** Registers the gauges. */
  public NetworkMeters(MeterRegistry registry) {
    this.registry = registry;
    gauge(peerSessions, "replica");
    gauge(clientSessions, "client");
    gauge(unauthenticated, UNAUTHENTICATED);
  }

  private void gauge(AtomicInteger value, String role) {
    Gauge.builder("bft_network_connections", value, AtomicInteger::get)
        .tag("role", role)
        .description("Connections by what the other side proved to be")
        .strongReference(true)
        .register(registry);
  }

  /** We refused the other side of a connection. */
  public void refused(HandshakeRefusal reason, String peer) {
    authFailure(reason.label(), peer);
  }

  /** The other side refused us, or didn't answer in time, for the reason that it gave. */
  public void refusedByPeer(HandshakeRefusal reason, String peer) {
    registry
        .counter("bft_network_refused_by_peer_total", "reason", reason.label(), "peer", peer)
        .increment();
  }

  /** A session ended. */
  public void ended(SessionEnd end, String peer) {
    registry
        .counter("bft_network_sessions_ended_total", "reason", end.label(), "peer", peer)
        .increment();
    if (end.fault()) {
      authFailure(end.label(), peer);
    }
  }

  private void authFailure(String reason, String peer) {
    registry.counter("bft_auth_failures_total", "reason", reason, "peer", peer).increment();
  }

  /** Messages to this peer that were dropped since there was no session or no room. */
  public Counter dropped(String peer) {
    return registry.counter("bft_network_dropped_messages_total", "peer", peer);
  }

  /** Bytes of frames that arrived from this peer. */
  public Counter received(String peer) {
    return registry.counter("bft_network_bytes_total", "direction", "in", "peer", peer);
  }

  /** Bytes of frames that were sent to this peer. */
  public Counter sent(String peer) {
    return registry.counter("bft_network_bytes_total", "direction", "out", "peer", peer);
  }

  /** Counts sessions in a lane, up or down. */
  void sessions(Lane lane, int change) {
    (lane == Lane.PEERS ? peerSessions : clientSessions).addAndGet(change);
  }

  /** Counts accepted connections before authentication, up or down. */
  public void unauthenticated(int change) {
    unauthenticated.addAndGet(change);
  }
}

package io.tallystick.network.settings;

/**
 * All bounds and times of a node's network.
 *
 * @param security when links are TLS
 * @param eventLoops threads that read and write all connections
 * @param verifiers threads that decode and verify what was received
 */
public record NetworkSettings(
    TransportSecurity security,
    HandshakeSettings handshake,
    SessionSettings peers,
    SessionSettings clients,
    ClientLimits clientLimits,
    Backoff backoff,
    int eventLoops,
    int verifiers) {
  private static final int VERIFIERS_MAX = 16;

  /** Refuses a network without threads. */
  public NetworkSettings {
    Bounds.atLeast("eventLoops", eventLoops, 1);
    Bounds.atLeast("verifiers", verifiers, 1);
  }

  /** Safe values for this machine. */
  public static NetworkSettings defaults() {
    int processors = Runtime.getRuntime().availableProcessors();
    return new NetworkSettings(
        TransportSecurity.AUTOMATIC,
        HandshakeSettings.DEFAULTS,
        SessionSettings.OF_PEER,
        SessionSettings.OF_CLIENT,
        ClientLimits.DEFAULTS,
        Backoff.DEFAULTS,
        processors > 4 ? 2 : 1,
        Math.clamp(processors, 2, VERIFIERS_MAX));
  }

  /** The same with another rule for TLS. */
  public NetworkSettings withSecurity(TransportSecurity other) {
    return new NetworkSettings(
        other, handshake, peers, clients, clientLimits, backoff, eventLoops, verifiers);
  }

  /** The same with other limits before authentication. */
  public NetworkSettings withHandshake(HandshakeSettings other) {
    return new NetworkSettings(
        security, other, peers, clients, clientLimits, backoff, eventLoops, verifiers);
  }

  /** The same with other limits of sessions. */
  public NetworkSettings withSessions(SessionSettings ofPeers, SessionSettings ofClients) {
    return new NetworkSettings(
        security, handshake, ofPeers, ofClients, clientLimits, backoff, eventLoops, verifiers);
  }

  /** The same with other limits of all clients. */
  public NetworkSettings withClientLimits(ClientLimits other) {
    return new NetworkSettings(
        security, handshake, peers, clients, other, backoff, eventLoops, verifiers);
  }

  /** The same with another backoff. */
  public NetworkSettings withBackoff(Backoff other) {
    return new NetworkSettings(
        security, handshake, peers, clients, clientLimits, other, eventLoops, verifiers);
  }
}

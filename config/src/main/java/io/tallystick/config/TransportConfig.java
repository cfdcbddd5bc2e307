package io.tallystick.config;

/**
 * Bounds of a node's links with replicas and clients; the network's own page says what happens at
 * each.
 *
 * @param security when links are TLS
 * @param clientSessionsMax sessions of clients, in total
 * @param clientSessionsPerKeyMax and of one key
 * @param clientBytesMax bytes held for all clients' sessions
 * @param handshakeMillisMax from connect to the finished handshake
 * @param unauthenticatedMax connections that haven't proved who they are, in total
 * @param sendBytesMax queued for one peer
 * @param silenceMillisMax a session ends when nothing arrives for this long
 * @param verifiers threads that decode and verify; 0: as many as processors
 */
public record TransportConfig(
    Security security,
    int clientSessionsMax,
    int clientSessionsPerKeyMax,
    long clientBytesMax,
    int handshakeMillisMax,
    int unauthenticatedMax,
    long sendBytesMax,
    int silenceMillisMax,
    int verifiers) {

  /** When links are TLS. */
  public enum Security {
    /** TLS wherever a link leaves the machine. */
    AUTOMATIC,
    /** TLS everywhere. */
    TLS,
    /** Insecure: never TLS; frames bear a MAC, but anybody on the way can read them. */
    PLAIN_INSECURE
  }

  static TransportConfig of(YamlSection yaml) throws ConfigException {
    YamlSection network = yaml.section("network");
    TransportConfig config =
        new TransportConfig(
            network.choice("security", Security.AUTOMATIC),
            (int) network.whole("client_sessions_max", 1, 65_536, 256),
            (int) network.whole("client_sessions_per_key_max", 1, 65_536, 8),
            network.whole("client_bytes_max", 1 << 20, 1L << 40, 128 << 20),
            (int) network.whole("handshake_millis_max", 100, 600_000, 5_000),
            (int) network.whole("unauthenticated_max", 4, 65_536, 128),
            network.whole("send_bytes_max", 1 << 20, 1L << 32, 24 << 20),
            (int) network.whole("silence_millis_max", 2_000, 600_000, 10_000),
            (int) network.whole("verifiers", 0, 256, 0));
    network.done();
    return config;
  }
}

package io.tallystick.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How one gateway runs.
 *
 * @param keyFiles where its keys are
 * @param dataDirectory where its follower's copy is; its alone
 * @param listen where it serves HTTP; 127.0.0.1:8080 by default
 * @param tls certificate and key of its HTTPS; must be there when {@code listen} is off loopback,
 *     unless {@code insecure_plain_http: true} says otherwise
 * @param openTiles whether checkpoint, tiles and entry bundles are served without a token
 * @param addresses of all replicas, by id
 * @param limits what callers may cost
 * @param network bounds of its links with replicas
 */
public record GatewayConfig(
    Path file,
    Genesis genesis,
    KeyFiles keyFiles,
    Path dataDirectory,
    Address listen,
    Optional<Tls> tls,
    boolean openTiles,
    Map<Integer, Address> addresses,
    Limits limits,
    TransportConfig network,
    Effective effective)
    implements NodeConfig {

  /** Where a gateway's private keys are: the one that it signs bundles with, and for tokens. */
  public record KeyFiles(Path client, Path token) {}

  /** PEM files of HTTPS. */
  public record Tls(Path certificate, Path key) {}

  /**
   * What callers may cost.
   *
   * @param bodyBytesMax largest body of a batch; that of a single entry is the payload's limit
   * @param batchLinesMax most lines of a batch
   * @param requestsMax entries that wait for their outcome, of all callers
   * @param requestBytesMax likewise in bytes of payload
   * @param connectionsMax open connections
   * @param waitMillis an append is answered 202 when there is no outcome after this long
   * @param requestsPerSecondMax of one principal; beyond it 429
   * @param pageEntriesMax most entries of one page
   */
  public record Limits(
      int bodyBytesMax,
      int batchLinesMax,
      int requestsMax,
      long requestBytesMax,
      int connectionsMax,
      long waitMillis,
      int requestsPerSecondMax,
      int pageEntriesMax) {}

  static GatewayConfig of(Path file, YamlSection yaml, Genesis genesis) throws ConfigException {
    KeyFiles keyFiles =
        new KeyFiles(yaml.path("client_key", "client.pem"), yaml.path("token_key", "token.pem"));
    Path data = yaml.path("data", "data");
    Address listen = yaml.address("listen", new Address("127.0.0.1", 8080));
    YamlSection tlsFiles = yaml.section("tls");
    Optional<Path> certificate = tlsFiles.optionalPath("certificate");
    Optional<Path> key = tlsFiles.optionalPath("key");
    tlsFiles.done();
    if (certificate.isPresent() != key.isPresent()) {
      throw tlsFiles.unfit(
          certificate.isPresent() ? "key" : "certificate", "missing (expected: both, or neither)");
    }
    boolean plain = yaml.bool("insecure_plain_http", false);
    if (certificate.isEmpty() && !listen.isLoopback() && !plain) {
      throw yaml.unfit(
          "listen",
          listen
              + " leaves this machine without TLS (expected: tls.certificate and tls.key,"
              + " a loopback address, or insecure_plain_http: true)");
    }
    boolean openTiles = yaml.bool("open_tiles", false);
    Map<Integer, Address> addresses = NodeConfig.addresses(yaml, genesis);
    Limits limits = limits(yaml, genesis);
    TransportConfig network = TransportConfig.of(yaml);
    yaml.done();
    return new GatewayConfig(
        file,
        genesis,
        keyFiles,
        data,
        listen,
        certificate.map(path -> new Tls(path, key.orElseThrow())),
        openTiles,
        addresses,
        limits,
        network,
        Effective.of(yaml, genesis));
  }

  private static Limits limits(YamlSection yaml, Genesis genesis) throws ConfigException {
    YamlSection section = yaml.section("limits");
    int payload = genesis.parameters().payloadBytesMax();
    Limits limits =
        new Limits(
            (int) section.whole("body_bytes_max", payload, 1 << 30, Math.max(8 << 20, payload)),
            (int) section.whole("batch_lines_max", 1, 1 << 20, 10_000),
            (int) section.whole("requests_max", 1, 1 << 24, 16_384),
            section.whole("request_bytes_max", payload, 1L << 40, Math.max(64 << 20, payload)),
            (int) section.whole("connections_max", 1, 1 << 20, 1_024),
            section.whole("wait_millis", 1, 600_000, 10_000),
            (int) section.whole("requests_per_second_max", 1, 100_000_000, 20_000),
            (int) section.whole("page_entries_max", 1, 10_000, 1_000));
    section.done();
    return limits;
  }
}

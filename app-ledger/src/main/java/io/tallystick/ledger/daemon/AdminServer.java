package io.tallystick.ledger.daemon;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallystick.config.Address;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics}, {@code /healthz} and {@code /readyz} to whoever looks after a node.
 * Connections, request sizes and times are bounded; there is nothing else to ask for.
 */
final class AdminServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 64;
  private static final long REQUEST_BYTES_MAX = 4_096;
  private static final long MILLIS_MAX = 10_000;

  private final Server server;

  private AdminServer(Server server) {
    this.server = server;
  }

  /**
   * Starts serving.
   *
   * @param unready why the node isn't ready; empty when it is
   * @throws CommandException when the address can't be had
   */
  static AdminServer start(
      Address at, PrometheusMeterRegistry meters, Supplier<Optional<String>> unready) {
    Server server =
        Server.builder()
            .http(new InetSocketAddress(at.host(), at.port()))
            .maxNumConnections(CONNECTIONS_MAX)
            .maxRequestLength(REQUEST_BYTES_MAX)
            .requestTimeoutMillis(MILLIS_MAX)
            .idleTimeoutMillis(MILLIS_MAX)
            .gracefulShutdownTimeoutMillis(0, 500)
            .disableServerHeader()
            .disableDateHeader()
            .service(
                "/metrics",
                (ctx, request) ->
                    HttpResponse.of(
                        HttpStatus.OK,
                        MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
                        meters.scrape()))
            .service("/healthz", (ctx, request) -> plain(HttpStatus.OK, "ok"))
            .service(
                "/readyz",
                (ctx, request) ->
                    unready
                        .get()
                        .map(why -> plain(HttpStatus.SERVICE_UNAVAILABLE, why))
                        .orElseGet(() -> plain(HttpStatus.OK, "ready")))
            .build();
    try {
      server.start().join();
    } catch (CompletionException e) {
      throw inUse("admin_address", at, e);
    }
    return new AdminServer(server);
  }

  /** Says that an address can't be listened on. */
  static CommandException inUse(String key, Address at, Exception cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new CommandException(
        ExitStatus.USAGE,
        key
            + ": can't listen on "
            + at
            + ": "
            + root.getMessage()
            + " (expected: an address of this machine that nobody else uses)",
        cause);
  }

  private static HttpResponse plain(HttpStatus status, String text) {
    return HttpResponse.of(status, MediaType.PLAIN_TEXT_UTF_8, text + "\n");
  }

  /** The port that is served. */
  int port() {
    return server.activeLocalPort();
  }

  @Override
  public void close() {
    server.stop().join();
  }
}

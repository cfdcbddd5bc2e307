package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.util.BlockingTaskExecutor;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallystick.bft.membership.Membership;
import io.tallystick.config.Address;
import io.tallystick.config.GatewayConfig;
import io.tallystick.config.Genesis;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;
import io.tallystick.ledger.client.HeadKeys;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.follower.VerifiedCopy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The HTTP server of a gateway. Starts once, serves until it is closed. */
public final class Gateway implements AutoCloseable {
  private static final long REQUEST_MILLIS_SLACK = 30_000;
  private static final long IDLE_MILLIS = 30_000;
  private static final long CONNECTION_MILLIS_MAX = 30 * 60_000;
  private static final long STOP_MILLIS_MAX = 2_000;
  private static final int HEADERS_BYTES_MAX = 16 << 10;

  /** A principal may have this share of all running appends. */
  private static final int PRINCIPAL_SHARE = 2;

  private final Setup setup;
  private final ClusterService cluster;
  private final Server server;

  /**
   * How a gateway serves.
   *
   * @param listen address and port; port 0 takes a free one
   * @param tls certificate and key; there must be some off loopback, unless the operator said
   *     otherwise: configuration sees to it
   * @param openTiles whether checkpoint, tiles, genesis and policies need no token
   * @param tokenKey verifies callers' tokens
   */
  public record Setup(
      Genesis genesis,
      Address listen,
      Optional<GatewayConfig.Tls> tls,
      boolean openTiles,
      PublicKey tokenKey,
      GatewayConfig.Limits limits) {

    /** As a node's configuration says. */
    public static Setup of(GatewayConfig config, PublicKey tokenKey) {
      return new Setup(
          config.genesis(),
          config.listen(),
          config.tls(),
          config.openTiles(),
          tokenKey,
          config.limits());
    }
  }

  private Gateway(Setup setup, Ledger ledger, VerifiedCopy copy, PrometheusMeterRegistry meters) {
    this.setup = setup;
    Membership membership = setup.genesis().membership();
    GatewayConfig.Limits limits = setup.limits();
    BlockingTaskExecutor blocking =
        BlockingTaskExecutor.builder().threadNamePrefix("gateway-blocking").numThreads(32).build();
    Callers callers = new Callers(setup.tokenKey(), InstantSource.system(), meters);
    Copies copies = new Copies(copy, new HeadKeys(setup.genesis().logVkey(), membership));
    PrincipalLimits principals =
        new PrincipalLimits(
            limits.requestsPerSecondMax(),
            Math.max(1, limits.requestsMax() / PRINCIPAL_SHARE),
            System::nanoTime);
    Appends appends =
        new Appends(
            ledger,
            copies,
            new Appends.Bounds(
                setup.genesis().parameters().deadlineMillisMax(), limits.requestsMax(), principals),
            blocking,
            meters);
    this.cluster = new ClusterService(callers, ledger, membership, copy);
    Routes routes =
        new Routes(
            callers,
            copies,
            appends,
            principals,
            new BodyReader(Math.max(limits.requestBytesMax(), limits.bodyBytesMax())));
    this.server = build(routes, ledger, meters, blocking);
  }

  /** What the handlers share. */
  private record Routes(
      Callers callers,
      Copies copies,
      Appends appends,
      PrincipalLimits principals,
      BodyReader bodies) {}

  /**
   * Starts serving.
   *
   * @throws java.util.concurrent.CompletionException when the port can't be had, or the TLS files
   *     not be used
   */
  public static Gateway start(
      Setup setup, Ledger ledger, VerifiedCopy copy, PrometheusMeterRegistry meters) {
    Gateway gateway = new Gateway(setup, ledger, copy, meters);
    gateway.server.start().join();
    return gateway;
  }

  /** The port that is served. */
  public int port() {
    return server.activeLocalPort();
  }

  /** Why appends can't be served at the moment; empty when they can. */
  public Optional<String> fault() {
    return cluster.fault();
  }

  private Server build(
      Routes routes, Ledger ledger, PrometheusMeterRegistry meters, BlockingTaskExecutor blocking) {
    GatewayConfig.Limits limits = setup.limits();
    InetSocketAddress at = new InetSocketAddress(setup.listen().host(), setup.listen().port());
    ServerBuilder builder = Server.builder();
    if (setup.tls().isPresent()) {
      GatewayConfig.Tls tls = setup.tls().get();
      builder.https(at).tls(TlsKeyPair.of(tls.key().toFile(), tls.certificate().toFile()));
    } else {
      builder.http(at);
    }
    builder
        .blockingTaskExecutor(blocking, true)
        .maxNumConnections(limits.connectionsMax())
        .idleTimeoutMillis(IDLE_MILLIS)
        .maxConnectionAgeMillis(CONNECTION_MILLIS_MAX)
        .requestTimeoutMillis(limits.waitMillis() + REQUEST_MILLIS_SLACK)
        .maxRequestLength(0)
        .http1MaxInitialLineLength(HEADERS_BYTES_MAX)
        .http1MaxHeaderSize(HEADERS_BYTES_MAX)
        .http2MaxHeaderListSize(HEADERS_BYTES_MAX)
        .gracefulShutdownTimeoutMillis(100, STOP_MILLIS_MAX)
        .bossGroupFactory(name -> new AcceptLoop())
        .meterRegistry(meters)
        .disableServerHeader()
        .disableDateHeader()
        .errorHandler(new Problems());
    routes(builder, routes, ledger, meters);
    return builder.build();
  }

  private void routes(
      ServerBuilder builder, Routes r, Ledger ledger, PrometheusMeterRegistry meters) {
    GatewayConfig.Limits limits = setup.limits();
    long payloadBytesMax = setup.genesis().parameters().payloadBytesMax();
    String entries = "/v1/streams/{stream}/entries";
    post(
        builder,
        entries,
        new AppendService(
            r.callers(),
            r.bodies(),
            r.appends(),
            r.principals(),
            new AppendService.Waits(limits.waitMillis(), payloadBytesMax)));
    post(
        builder,
        entries + ":batch",
        new BatchService(
            r.callers(),
            r.bodies(),
            r.appends(),
            r.principals(),
            new BatchService.Bounds(
                limits.waitMillis(),
                limits.bodyBytesMax(),
                limits.batchLinesMax(),
                payloadBytesMax)));
    RequestService requests = new RequestService(r.callers(), r.appends(), ledger, r.copies());
    builder.route().get("/v1/requests/{id}").build(requests);
    StreamService streams = new StreamService(r.callers(), r.copies(), limits.pageEntriesMax());
    get(builder, entries, streams::entries);
    get(builder, "/v1/streams", streams::streams);
    LongSupplier committed = () -> Math.max(r.copies().committedSize(), cluster.size());
    EntryService entry = new EntryService(r.callers(), r.copies(), committed);
    get(builder, "/v1/entries/{index}", entry::entry);
    get(builder, "/v1/entries/{index}/proof", entry::proof);
    FileService files =
        new FileService(r.callers(), r.copies(), setup.genesis(), setup.openTiles());
    get(builder, "/checkpoint", files::checkpoint);
    get(builder, "/genesis.json", files::genesis);
    get(builder, "/policy", files::policy);
    get(builder, "/epochs/{file}", files::epoch);
    get(builder, "glob:/tile/**", files::tile);
    get(builder, "glob:/payloads/**", files::payloads);
    get(builder, "/v1/cluster", cluster::cluster);
    get(builder, "/healthz", ctx -> cluster.health());
    get(builder, "/readyz", ctx -> cluster.ready());
    get(builder, "/metrics", ctx -> metrics(ctx, r.callers(), meters));
    Bytes openApi = resource("openapi.yaml");
    get(
        builder,
        "/openapi.yaml",
        ctx -> Answers.bytes(openApi, MediaType.create("application", "yaml"), "max-age=3600"));
  }

  private static void get(
      ServerBuilder builder, String path, Function<ServiceRequestContext, HttpResponse> handler) {
    builder.route().get(path).build((HttpService) (ctx, request) -> handler.apply(ctx));
  }

  private static void post(ServerBuilder builder, String path, HttpService service) {
    builder.route().post(path).build(service);
  }

  private HttpResponse metrics(
      ServiceRequestContext ctx, Callers callers, PrometheusMeterRegistry meters) {
    if (!setup.listen().isLoopback()) {
      callers.caller(ctx.request().headers(), Scope.READ);
    }
    return Answers.bytes(
        Bytes.utf8(meters.scrape()),
        MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
        "no-store");
  }

  private static Bytes resource(String name) {
    try (InputStream in = Gateway.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + ": not in the class path");
      }
      return Bytes.wrap(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Finishes what runs, for two seconds at most, and stops. */
  @Override
  public void close() {
    server.stop().join();
  }
}

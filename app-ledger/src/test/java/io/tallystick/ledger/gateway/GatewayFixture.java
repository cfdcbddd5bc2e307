package io.tallystick.ledger.gateway;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tallystick.config.Address;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.GatewayConfig;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.config.NamePattern;
import io.tallystick.config.Token;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A gateway on a free port of loopback, and a caller. */
final class GatewayFixture implements AutoCloseable {
  static final PrivateKey TOKEN_KEY = SignedLedger.key(95);
  static final GatewayConfig.Limits LIMITS =
      new GatewayConfig.Limits(4 << 20, 50, 100, 8 << 20, 64, 300, 1_000, 10);

  final SignedLedger ledger;
  final MemoryLedger memory;
  final Gateway gateway;
  private final HttpClient http = HttpClient.newHttpClient();

  GatewayFixture(Path directory) throws IOException {
    this(directory, LIMITS, false);
  }

  GatewayFixture(Path directory, GatewayConfig.Limits limits, boolean openTiles)
      throws IOException {
    ledger = new SignedLedger(directory, 4, 3);
    memory = new MemoryLedger(ledger);
    memory.publish();
    Gateway.Setup setup =
        new Gateway.Setup(
            ledger.genesis(),
            new Address("127.0.0.1", 0),
            Optional.empty(),
            openTiles,
            TOKEN_KEY.publicKey(),
            limits);
    gateway =
        Gateway.start(setup, memory, memory, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
  }

  /** A token for everything. */
  static String token() {
    return token("ci", EnumSet.allOf(Scope.class), "*");
  }

  static String token(String principal, Set<Scope> scopes, String streams) {
    long inAnHour = Instant.now().plusSeconds(3_600).getEpochSecond() * 1_000_000;
    return Token.issue(
        TOKEN_KEY, new Claims(principal, scopes, List.of(new NamePattern(streams)), inAnHour));
  }

  HttpRequest.Builder request(String path, String token) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(uri(path));
    return token.isEmpty() ? builder : builder.header("Authorization", "Bearer " + token);
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + gateway.port() + path);
  }

  HttpResponse<String> get(String path) {
    return send(request(path, token()));
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder builder = request(path, token()).POST(BodyPublishers.ofString(body));
    if (headers.length > 0) {
      builder.headers(headers);
    }
    return send(builder);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonObject json(String body) {
    try {
      return CanonicalJson.parse(Bytes.utf8(body), 1 << 24);
    } catch (JsonException e) {
      throw new IllegalStateException(body, e);
    }
  }

  static String text(JsonObject json, String member) {
    try {
      return json.text(member);
    } catch (JsonException e) {
      throw new IllegalStateException(json.toString(), e);
    }
  }

  @Override
  public void close() throws IOException {
    http.close();
    gateway.close();
    ledger.close();
  }
}

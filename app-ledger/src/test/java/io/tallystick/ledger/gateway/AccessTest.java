package io.tallystick.ledger.gateway;

import static io.tallystick.ledger.gateway.GatewayFixture.json;
import static io.tallystick.ledger.gateway.GatewayFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.config.GatewayConfig;
import io.tallystick.config.NamePattern;
import io.tallystick.config.Token;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessTest {
  private static final String ENTRIES = "/v1/streams/s/entries";

  @TempDir private Path directory;
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new GatewayFixture(directory);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
  }

  private HttpResponse<String> append(String token) {
    return fixture.send(fixture.request(ENTRIES, token).POST(BodyPublishers.ofString("a")));
  }

  private static void assertProblem(int status, String kind, HttpResponse<String> answer) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals("urn:tallystick:problem:" + kind, text(json(answer.body()), "type"));
  }

  @Test
  void servesNothingWithoutAToken() {
    for (String path :
        List.of(
            "/v1/streams",
            ENTRIES,
            "/v1/entries/0",
            "/v1/entries/0/proof",
            "/checkpoint",
            "/tile/0/000.p/1",
            "/tile/entries/000.p/1",
            "/payloads/000.p/1",
            "/genesis.json",
            "/policy",
            "/epochs/0.policy",
            "/v1/cluster",
            "/v1/requests/00000000000000000000000000000000")) {
      HttpResponse<String> answer = fixture.send(fixture.request(path, ""));
      assertProblem(401, "no-token", answer);
      assertTrue(
          answer.headers().firstValue("www-authenticate").orElseThrow().startsWith("Bearer"));
    }
    assertProblem(401, "no-token", append(""));
    assertProblem(
        401,
        "no-token",
        fixture.send(
            fixture.request(ENTRIES, "").POST(BodyPublishers.ofByteArray(new byte[3 << 20]))));
  }

  @Test
  void refusesTokensThatDoNotHold() {
    assertProblem(401, "bad-token", append("x"));
    String forged =
        Token.issue(
            SignedLedger.key(96),
            new Token.Claims(
                "ci",
                EnumSet.of(Scope.APPEND),
                List.of(new NamePattern("*")),
                253_402_300_799_000_000L));
    assertProblem(401, "bad-token", append(forged));
    String expired =
        Token.issue(
            GatewayFixture.TOKEN_KEY,
            new Token.Claims("ci", EnumSet.of(Scope.APPEND), List.of(new NamePattern("*")), 1));
    assertProblem(401, "bad-token", append(expired));
  }

  @Test
  void refusesWhatATokenDoesNotAllow() {
    assertProblem(
        403, "not-allowed", append(GatewayFixture.token("ci", EnumSet.of(Scope.READ), "*")));
    assertProblem(
        403, "not-allowed", append(GatewayFixture.token("ci", EnumSet.of(Scope.APPEND), "t*")));
    String appender = GatewayFixture.token("ci", EnumSet.of(Scope.APPEND), "*");
    assertProblem(403, "not-allowed", fixture.send(fixture.request("/v1/streams", appender)));
  }

  @Test
  void servesTheLogToAnybodyWhenConfiguredOpen() throws IOException {
    fixture.close();
    fixture = new GatewayFixture(directory.resolve("open"), GatewayFixture.LIMITS, true);
    for (String path :
        List.of("/checkpoint", "/tile/0/000.p/1", "/tile/entries/000.p/1", "/policy")) {
      assertEquals(200, fixture.send(fixture.request(path, "")).statusCode(), path);
    }
    assertEquals(401, fixture.send(fixture.request("/payloads/000.p/1", "")).statusCode());
  }

  @Test
  void saysWhatIsNotThere() {
    assertProblem(404, "not-found", fixture.get("/v2/streams"));
    assertProblem(404, "not-found", fixture.get("/"));
    assertProblem(405, "method-not-allowed", fixture.send(fixture.request(ENTRIES, "").DELETE()));
    assertProblem(
        405,
        "method-not-allowed",
        fixture.send(fixture.request("/checkpoint", "").POST(BodyPublishers.ofString("x"))));
  }

  @Test
  void limitsWhatAPrincipalMayAskFor() throws IOException {
    fixture.close();
    fixture =
        new GatewayFixture(
            directory.resolve("few"),
            new GatewayConfig.Limits(4 << 20, 50, 100, 8 << 20, 64, 300, 2, 10),
            false);
    HttpResponse<String> answer = append(GatewayFixture.token());
    for (int i = 0; i < 50 && answer.statusCode() == 201; i++) {
      answer = append(GatewayFixture.token());
    }
    assertProblem(429, "too-many-requests", answer);
    assertEquals("1", answer.headers().firstValue("retry-after").orElseThrow());
    assertEquals(
        "\"principal\";q=2;w=1", answer.headers().firstValue("ratelimit-policy").orElseThrow());
    assertEquals(
        201, append(GatewayFixture.token("other", EnumSet.of(Scope.APPEND), "*")).statusCode());
  }

  @Test
  void limitsUnfinishedAppends() throws IOException {
    fixture.close();
    fixture =
        new GatewayFixture(
            directory.resolve("few"),
            new GatewayConfig.Limits(4 << 20, 50, 4, 8 << 20, 64, 10, 1_000, 10),
            false);
    fixture.memory.hold();
    String other = GatewayFixture.token("other", EnumSet.of(Scope.APPEND), "*");
    for (int i = 0; i < 2; i++) {
      assertEquals(202, append(GatewayFixture.token()).statusCode());
      assertEquals(202, append(other).statusCode());
    }
    assertProblem(429, "too-many-requests", append(other));
    String third = GatewayFixture.token("third", EnumSet.of(Scope.APPEND), "*");
    assertProblem(503, "overloaded", append(third));
    fixture.memory.release();
    assertEquals(201, append(third).statusCode());
  }

  @Test
  void closesConnectionsThatSendGarbage() throws IOException {
    for (String garbage :
        List.of(
            "\u0000\u0001\u0002garbage\r\n\r\n", "GET / HTTP/1.1\r\n" + "x: y\r\n".repeat(9_000))) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), fixture.gateway.port())) {
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        out.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        InputStream in = socket.getInputStream();
        byte[] answer = in.readAllBytes();
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        assertTrue(text.isEmpty() || text.startsWith("HTTP/1.1 4"), text);
      }
    }
    assertEquals(201, append(GatewayFixture.token()).statusCode());
  }
}

package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What callers get for what can't be done: a problem document that says what would be right. */
class RefusedRequestsTest {
  private static final int PAYLOAD_BYTES_MAX = 1 << 20;

  @RegisterExtension static final Processes PROCESSES = new Processes();

  private static Cluster cluster;
  private static Http http;

  @BeforeAll
  static void starts() throws Exception {
    cluster = PROCESSES.init("ledger");
    narrowTheGatewaysGrant();
    cluster.start();
    http = cluster.http();
  }

  /** Leaves it streams that begin with "open", and with "lapsed" until the ledger begins. */
  private static void narrowTheGatewaysGrant() throws Exception {
    ObjectNode genesis = (ObjectNode) Http.parse(Files.readString(cluster.at("genesis.json")));
    ArrayNode grants = (ArrayNode) genesis.get("grants");
    // It is the gateway that init makes first
    JsonNode gateway = grants.get(0).get("client");
    for (int i = 0; i < grants.size(); i++) {
      ObjectNode grant = (ObjectNode) grants.get(i);
      if (grant.get("client").equals(gateway) && grant.get("role").asText().equals("append")) {
        ObjectNode lapsed = grant.deepCopy();
        lapsed.set("until", genesis.get("time"));
        lapsed.putArray("streams").add("lapsed*");
        grant.putArray("streams").add("open*");
        grants.insert(i + 1, lapsed);
        Files.writeString(cluster.at("genesis.json"), genesis.toString());
        return;
      }
    }
    throw new AssertionError("no grant of the gateway's: " + genesis);
  }

  @Test
  @DisplayName("S20 a payload at the limit is taken, one byte more is not")
  void refusesABodyOverTheLimit() throws Exception {
    String most = "\"" + "x".repeat(PAYLOAD_BYTES_MAX - 2) + "\"";
    http.append("open-sizes", most).expect(201);
    problem(http.append("open-sizes", most + " "), 413, "too-large", "1048576");
    http.append("open-sizes", "", Map.of("Content-Type", "text/plain")).expect(201);
  }

  @Test
  void refusesNamesThatNoStreamHas() throws Exception {
    for (String name : List.of("Capital", "-dash", "a%20b", "_system", "a".repeat(129))) {
      problem(http.append(name, "{}"), 400, "bad-stream", "[a-z0-9][a-z0-9._-]{0,127}");
    }
    http.append("open" + "a".repeat(124), "{}").expect(201);
  }

  @Test
  @DisplayName("S4 a token that wasn't issued here, was altered, or has expired is refused")
  void refusesTokensThatDoNotHold() throws Exception {
    String token = http.token();
    char last = token.charAt(token.length() - 5);
    String altered =
        token.substring(0, token.length() - 5)
            + (last == 'A' ? 'B' : 'A')
            + token.substring(token.length() - 4);
    problem(cluster.http("").append("open", "{}"), 401, "no-token", "Bearer");
    for (String wrong : List.of("nonsense", altered, token + "x", "x".repeat(9_000))) {
      Http.Reply reply = cluster.http(wrong).append("open", "{}");
      problem(reply, 401, "bad-token", "expected");
      assertTrue(reply.header("WWW-Authenticate").startsWith("Bearer"), reply::text);
    }
    Http brief = cluster.http(token("--valid", "PT1S", "--principal", "brief"));
    Await.until(
        "a token of one second to expire",
        Duration.ofSeconds(10),
        () -> brief.append("open", "{}").status() == 401);
    problem(brief.append("open", "{}"), 401, "bad-token", "expire");
  }

  @Test
  void refusesWhatATokenDoesNotAllow() throws Exception {
    Http reader = cluster.http(token("--principal", "reader", "--scope", "read"));
    problem(reader.append("open", "{}"), 403, "not-allowed", "append");
    Http narrow = cluster.http(token("--principal", "narrow", "--stream", "open-narrow*"));
    problem(narrow.append("open-wide", "{}"), 403, "not-allowed", "open-narrow*");
    Http.Reply own = narrow.append("open-narrow-1", "{\"secret\":1}").expect(201);
    Http.Reply other = http.append("open-wide", "{\"secret\":2}").expect(201);
    narrow.get("/v1/entries/" + own.text("index")).expect(200);
    problem(narrow.get("/v1/entries/" + other.text("index")), 403, "not-allowed", "open-narrow*");
    problem(narrow.get("/v1/streams/open-wide/entries"), 403, "not-allowed", "open-narrow*");
  }

  @Test
  @DisplayName("S29 what the ledger's grants don't allow, or no longer, is refused in execution")
  void refusesWhatTheLedgerDoesNotGrant() throws Exception {
    problem(http.append("never-granted", "{}"), 403, "not-granted", "grant");
    problem(http.append("lapsed-grant", "{}"), 403, "not-granted", "grant");
  }

  @Test
  void refusesRoutesAndEntriesThatAreNotThere() throws Exception {
    problem(http.get("/v1/nothing"), 404, "not-found", "");
    problem(http.get("/v1/entries/999999999"), 404, "no-such-entry", "999999999");
    problem(http.get("/v1/entries/minus-one"), 404, "", "");
    problem(http.get("/v1/requests/zz"), 404, "not-found", "32 hex digits");
    problem(http.send("DELETE", "/v1/entries/0", new byte[0], Map.of()), 405, "", "");
    problem(http.get("/v1/streams/open/entries?limit=0"), 400, "bad-parameter", "limit");
  }

  @Test
  void refusesOneLineOfABatchAndDoesTheOthers() throws Exception {
    String lines = "{\"line\":0}\n\n{\"line\":2\n{\"line\":3}\nnot json\n\"line 5\"\n";
    List<JsonNode> rows = http.batch("open-batch", lines, Map.of()).expect(200).rows();
    assertEquals(List.of(0, 2, 3, 4, 5), rows.stream().map(r -> r.path("line").asInt()).toList());
    assertEquals(
        List.of(201, 400, 201, 400, 201),
        rows.stream().map(r -> r.path("status").asInt()).toList());
    for (int bad : List.of(1, 3)) {
      JsonNode problem = rows.get(bad).path("problem");
      int line = rows.get(bad).path("line").asInt();
      assertTrue(problem.path("type").asText().endsWith("bad-line"), problem::toString);
      assertTrue(problem.path("detail").asText().contains("line " + line), problem::toString);
    }
    // Whoever appends at a gateway reads it there at once
    JsonNode page = http.get("/v1/streams/open-batch/entries").expect(200).json();
    assertEquals(3, page.path("entries").size());
    String first = page.path("entries").get(0).path("payload").asText();
    assertEquals(
        "{\"line\":0}",
        new String(java.util.Base64.getDecoder().decode(first), StandardCharsets.UTF_8));
  }

  @Test
  void refusesAnIdempotencyKeyThatIsNone() throws Exception {
    for (String key : List.of("\"\"", "a\"b", "\"" + "k".repeat(300) + "\"")) {
      Http.Reply reply = http.append("open", "{}", Map.of("Idempotency-Key", key));
      problem(reply, 400, "bad-idempotency-key", "expected");
    }
  }

  @Test
  @DisplayName("S13 S17 the same key: same body, other body, other stream, other principal")
  void keepsIdempotencyKeysApart() throws Exception {
    String body = "{\"key\":\"k\"}";
    Http.Reply first = http.append("open-keys", body, "k").expect(201);
    Http.Reply same = http.append("open-keys", body, "k").expect(200);
    assertEquals(first.text("index"), same.text("index"));
    assertEquals(first.text("envelope"), same.text("envelope"));
    Http.Reply unquoted =
        http.append("open-keys", body, Map.of("Idempotency-Key", "k")).expect(200);
    assertEquals(first.text("index"), unquoted.text("index"));
    problem(http.append("open-keys", "{\"key\":\"other\"}", "k"), 422, "id-reused", "body");

    Http.Reply stream = http.append("open-keys-too", body, "k").expect(201);
    assertNotEquals(first.text("index"), stream.text("index"));
    Http other = cluster.http(token("--principal", "somebody-else"));
    Http.Reply principal = other.append("open-keys", body, "k").expect(201);
    assertNotEquals(first.text("index"), principal.text("index"));
    assertNotEquals(first.text("id"), principal.text("id"));

    String lines = "{\"a\":1}\n{\"a\":2}\n";
    Map<String, String> key = Map.of("Idempotency-Key", "\"batch\"");
    List<JsonNode> once = http.batch("open-keys", lines, key).expect(200).rows();
    List<JsonNode> twice = http.batch("open-keys", lines, key).expect(200).rows();
    for (int i = 0; i < 2; i++) {
      assertEquals(201, once.get(i).path("status").asInt());
      assertEquals(200, twice.get(i).path("status").asInt());
      assertEquals(
          once.get(i).path("receipt").path("index"), twice.get(i).path("receipt").path("index"));
    }
  }

  @Test
  void numbersAStreamWithoutGaps() throws Exception {
    for (int i = 0; i < 3; i++) {
      Http.Reply reply = http.append("open-numbers", "{\"n\":" + i + "}").expect(201);
      assertEquals(Integer.toString(i), reply.text("stream_index"));
    }
    JsonNode page = http.get("/v1/streams/open-numbers/entries?after=0&limit=1").json();
    assertEquals(1, page.path("entries").size());
    String envelope = page.path("entries").get(0).path("envelope").asText();
    assertTrue(envelope.contains("\"stream_index\":\"1\""), envelope);
  }

  private static String token(String... options) throws Exception {
    List<String> arguments = new java.util.ArrayList<>(List.of("token"));
    arguments.addAll(List.of("--config", cluster.directory().toString()));
    arguments.addAll(List.of(options));
    return PROCESSES
        .run(Cluster.COMMAND, arguments.toArray(String[]::new))
        .expect(0, Cluster.COMMAND)
        .out()
        .strip();
  }

  private static void problem(Http.Reply reply, int status, String type, String part)
      throws Exception {
    reply.expect(status);
    assertEquals("application/problem+json", reply.header("Content-Type"), reply::text);
    JsonNode problem = reply.json();
    assertTrue(problem.path("type").asText().endsWith(type), reply::text);
    assertEquals(status, problem.path("status").asInt());
    assertTrue(problem.path("title").asText().length() > 5, reply::text);
    assertTrue(problem.path("detail").asText().contains(part), reply::text);
  }
}

package io.tallystick.ledger.gateway;

import static io.tallystick.ledger.gateway.GatewayFixture.json;
import static io.tallystick.ledger.gateway.GatewayFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadTest {
  @TempDir private Path directory;
  private GatewayFixture fixture;

  @BeforeEach
  void start() throws IOException {
    fixture = new GatewayFixture(directory);
    for (int i = 0; i < 24; i++) {
      String stream = i % 8 == 7 ? "other" : "s";
      fixture.post("/v1/streams/" + stream + "/entries", "p" + i, "Content-Type", "text/plain");
    }
    fixture.memory.publish();
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
  }

  private static Optional<String> next(HttpResponse<String> page) {
    return page.headers().firstValue("link").map(link -> link.substring(1, link.indexOf('>')));
  }

  private List<String> numbers(HttpResponse<String> page) {
    assertEquals(200, page.statusCode(), page.body());
    try {
      List<String> numbers = new ArrayList<>();
      for (JsonObject entry : json(page.body()).objects("entries")) {
        Envelope envelope = Envelope.parse(Bytes.utf8(entry.text("envelope")));
        numbers.add(Long.toString(envelope.streamIndex()));
      }
      return numbers;
    } catch (JsonException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void showsAnEntryWithItsReceipt() {
    JsonObject entry = json(fixture.get("/v1/entries/8").body());
    assertEquals("8", text(entry, "index"));
    assertEquals("cDc=", text(entry, "payload"));
    assertFalse(entry.has("proof"));
    JsonObject proved = json(fixture.get("/v1/entries/8?proof").body());
    JsonObject members = new JsonObject();
    proved
        .members()
        .forEach(
            (key, value) -> {
              if (!key.equals("payload")) {
                members.put(key, (String) value);
              }
            });
    Receipt receipt = assertInstanceOf(Receipt.class, receipt(members));
    assertInstanceOf(ReceiptVerdict.Holds.class, receipt.check(fixture.ledger.genesis()));
    TlogProof proof = TlogProof.parse(fixture.get("/v1/entries/8/proof").body());
    assertInstanceOf(
        PolicyVerdict.Accepted.class,
        proof.verify(fixture.ledger.genesis().trust(), receipt.leafHash()));
  }

  private static Receipt receipt(JsonObject members) {
    return Receipt.of(members);
  }

  @Test
  void saysWhatThereIsNot() throws IOException {
    assertEquals(404, fixture.get("/v1/entries/25").statusCode());
    assertEquals(404, fixture.get("/v1/entries/x").statusCode());
    assertEquals(404, fixture.get("/v1/entries/-1").statusCode());
    fixture.post("/v1/streams/s/entries", "later");
    assertEquals(503, fixture.get("/v1/entries/25").statusCode());
    fixture.memory.publish();
    assertEquals(200, fixture.get("/v1/entries/25").statusCode());
  }

  @Test
  void showsAStreamInPagesOfOneTreeSize() {
    String path = "/v1/streams/s/entries?limit=9";
    HttpResponse<String> first = fixture.get(path);
    assertEquals(List.of("0", "1", "2", "3", "4", "5", "6", "7", "8"), numbers(first));
    fixture.post("/v1/streams/s/entries", "meanwhile");
    fixture.memory.publish();
    HttpResponse<String> second = fixture.get(next(first).orElseThrow());
    HttpResponse<String> third = fixture.get(next(second).orElseThrow());
    assertEquals(List.of("18", "19", "20"), numbers(third));
    assertEquals(Optional.empty(), next(third));
    assertEquals("25", text(json(third.body()), "size"));
    assertEquals("21", text(json(third.body()), "count"));
    assertEquals(10, numbers(fixture.get("/v1/streams/s/entries?limit=10&after=11")).size());
  }

  @Test
  void showsEntriesBetweenTimes() {
    String from = LedgerTime.format(SignedLedger.timeMicros(5));
    String to = LedgerTime.format(SignedLedger.timeMicros(9));
    HttpResponse<String> page =
        fixture.get("/v1/streams/s/entries?limit=3&from=" + from + "&to=" + to);
    assertEquals(List.of("4", "5", "6"), numbers(page));
    HttpResponse<String> rest = fixture.get(next(page).orElseThrow());
    assertEquals(List.of("7"), numbers(rest));
    assertEquals(Optional.empty(), next(rest));
  }

  @Test
  void refusesParametersOutOfRange() {
    for (String query :
        List.of("limit=0", "limit=11", "limit=x", "after=-1", "from=today", "size=26", "size=01")) {
      HttpResponse<String> answer = fixture.get("/v1/streams/s/entries?" + query);
      assertEquals(400, answer.statusCode(), query);
      assertTrue(answer.body().contains("(expected: "), answer.body());
    }
    assertEquals(List.of(), numbers(fixture.get("/v1/streams/none/entries")));
    assertEquals(400, fixture.get("/v1/streams/NONE/entries").statusCode());
    assertEquals(List.of("0"), numbers(fixture.get("/v1/streams/_system/entries")));
  }

  @Test
  void listsStreamsThatTheTokenMayRead() {
    assertEquals(
        "[{\"count\":\"1\",\"stream\":\"_system\"},{\"count\":\"3\",\"stream\":\"other\"},"
            + "{\"count\":\"21\",\"stream\":\"s\"}]",
        streams(fixture.get("/v1/streams")));
    HttpResponse<String> page = fixture.get("/v1/streams?limit=1&after=_system");
    assertEquals("[{\"count\":\"3\",\"stream\":\"other\"}]", streams(page));
    assertTrue(next(page).orElseThrow().contains("after=other"));
    String token = GatewayFixture.token("reader", EnumSet.of(Scope.READ), "s*");
    assertEquals(
        "[{\"count\":\"21\",\"stream\":\"s\"}]",
        streams(fixture.send(fixture.request("/v1/streams", token))));
  }

  private static String streams(HttpResponse<String> answer) {
    return String.valueOf(json(answer.body()).members().get("streams")).replace("}, {", "},{");
  }

  @Test
  void servesTheFilesOfAnExport() throws IOException {
    SignedNote note = SignedNote.parse(fixture.get("/checkpoint").body());
    assertInstanceOf(PolicyVerdict.Accepted.class, fixture.ledger.genesis().trust().evaluate(note));
    assertEquals(fixture.ledger.genesis().bytes().toUtf8(), fixture.get("/genesis.json").body());
    assertEquals(fixture.ledger.genesis().policy(), fixture.get("/policy").body());
    assertEquals(fixture.ledger.genesis().policy(), fixture.get("/epochs/0.policy").body());
    assertEquals(404, fixture.get("/epochs/1.policy").statusCode());
    assertEquals(200, fixture.get("/tile/0/000.p/25").statusCode());
    assertEquals(
        fixture.ledger.store().entryBundle(0, 25).toUtf8(),
        fixture.get("/tile/entries/000.p/25").body());
    assertEquals(25, fixture.get("/payloads/000.p/25").body().lines().count());
    for (String path :
        List.of(
            "/tile/0/000.p/26",
            "/tile/0/000",
            "/tile/0/0",
            "/tile/x",
            "/tile/entries/001.p/1",
            "/payloads/000.p/26",
            "/payloads/etc")) {
      assertEquals(404, fixture.get(path).statusCode(), path);
    }
  }

  @Test
  void withholdsPayloadsThatTheTokenMayNotRead() {
    String token = GatewayFixture.token("reader", EnumSet.of(Scope.READ), "other");
    String rows = fixture.send(fixture.request("/payloads/000.p/25", token)).body();
    assertEquals(21, rows.lines().filter(row -> row.contains("\"withheld\":true")).count());
    assertEquals(403, fixture.send(fixture.request("/tile/entries/000.p/25", token)).statusCode());
    assertEquals(200, fixture.send(fixture.request("/tile/0/000.p/25", token)).statusCode());
    assertEquals(403, fixture.send(fixture.request("/v1/entries/1", token)).statusCode());
    assertEquals(200, fixture.send(fixture.request("/v1/entries/8", token)).statusCode());
  }

  @Test
  void tellsHowTheClusterStands() throws JsonException {
    JsonObject cluster = json(fixture.get("/v1/cluster").body());
    assertEquals("1", cluster.text("view"));
    assertEquals(1, cluster.whole("primary", 0, 3));
    assertEquals("0", cluster.text("epoch"));
    JsonObject replica = cluster.objects("replicas").get(3);
    assertEquals("5", replica.text("executed"));
    assertEquals("25", replica.text("size"));
    assertTrue(replica.bool("reachable"));
  }

  @Test
  void isReadyWithAQuorumAndAFreshHead() {
    assertEquals(200, fixture.send(fixture.request("/healthz", "")).statusCode());
    assertEquals(200, fixture.send(fixture.request("/readyz", "")).statusCode());
    fixture.memory.setReachable(2);
    HttpResponse<String> answer = fixture.send(fixture.request("/readyz", ""));
    assertEquals(503, answer.statusCode());
    assertTrue(answer.body().contains("replicas reachable: 2 (expected: >= 3)"), answer.body());
    fixture.memory.setReachable(3);
    fixture.memory.setNow(OptionalLong.of(SignedLedger.START_MICROS + 60_000_000));
    assertEquals(503, fixture.send(fixture.request("/readyz", "")).statusCode());
    assertTrue(fixture.gateway.fault().isPresent());
  }

  @Test
  void describesItself() {
    assertTrue(
        fixture.send(fixture.request("/openapi.yaml", "")).body().startsWith("openapi: 3.1"));
    assertTrue(
        fixture
            .send(fixture.request("/metrics", ""))
            .body()
            .contains("tally_gateway_append_seconds_count 24"));
  }
}

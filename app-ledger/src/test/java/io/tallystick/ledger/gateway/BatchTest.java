package io.tallystick.ledger.gateway;

import static io.tallystick.ledger.gateway.GatewayFixture.json;
import static io.tallystick.ledger.gateway.GatewayFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.client.SubmitResult;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchTest {
  private static final String BATCH = "/v1/streams/s/entries:batch";

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

  private List<JsonObject> rows(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return answer.body().lines().map(GatewayFixture::json).toList();
  }

  private static String shape(JsonObject row) {
    try {
      return row.whole("line", 0, 1 << 20) + ":" + row.whole("status", 200, 599);
    } catch (JsonException e) {
      throw new IllegalStateException(row.toString(), e);
    }
  }

  private static List<String> shapes(List<JsonObject> rows) {
    return rows.stream().map(BatchTest::shape).toList();
  }

  @Test
  void answersALineEachInOrder() throws JsonException {
    List<JsonObject> rows = rows(fixture.post(BATCH, "{\"a\":1}\n\n [1.5e3,\"é\"] \r\nnull"));
    assertEquals(List.of("0:201", "2:201", "3:201"), shapes(rows));
    Receipt second = Receipt.of(rows.get(1).object("receipt"));
    assertInstanceOf(ReceiptVerdict.Holds.class, second.check(fixture.ledger.genesis()));
    assertTrue(second.isOf(Bytes.utf8(" [1.5e3,\"é\"] ")));
    assertEquals("application/json", second.entry().contentType());
    assertEquals(2, second.index());
  }

  @Test
  void refusesAMalformedLineAndDoesTheOthers() throws JsonException {
    String big = "\"" + "x".repeat(fixture.ledger.genesis().parameters().payloadBytesMax()) + "\"";
    String body =
        String.join("\n", "{}", "{\"a\":", "{} {}", "[" + "[".repeat(600), big, "\"\\uZ\"", "7");
    List<JsonObject> rows = rows(fixture.post(BATCH, body));
    assertEquals(
        List.of("0:201", "1:400", "2:400", "3:400", "4:413", "5:400", "6:201"), shapes(rows));
    JsonObject problem = rows.get(1).object("problem");
    assertEquals("urn:tallystick:problem:bad-line", text(problem, "type"));
    assertTrue(text(problem, "detail").startsWith("line 1: "), problem.toString());
  }

  @Test
  void refusesALineThatIsNotUtf8() {
    byte[] body = {'"', (byte) 0xc3, '"', '\n', '1', '\n'};
    HttpResponse<String> answer =
        fixture.send(
            fixture
                .request(BATCH, GatewayFixture.token())
                .POST(java.net.http.HttpRequest.BodyPublishers.ofByteArray(body)));
    assertEquals(List.of("0:400", "1:201"), shapes(rows(answer)));
  }

  @Test
  void answersOriginalEntriesToTheSameKey() {
    List<JsonObject> first = rows(fixture.post(BATCH, "1\n2\n", "Idempotency-Key", "b"));
    List<JsonObject> again = rows(fixture.post(BATCH, "1\n2\n3\n", "Idempotency-Key", "b"));
    assertEquals(List.of("0:201", "1:201"), shapes(first));
    assertEquals(List.of("0:200", "1:200", "2:201"), shapes(again));
    List<JsonObject> other = rows(fixture.post(BATCH, "1\n5\n", "Idempotency-Key", "b"));
    assertEquals(List.of("0:200", "1:422"), shapes(other));
    assertEquals(4, fixture.ledger.store().size());
  }

  @Test
  void answersPendingRowsWithTheirLinks() throws JsonException {
    fixture.memory.hold();
    List<JsonObject> rows = rows(fixture.post(BATCH, "1\n2\n"));
    assertEquals(List.of("0:202", "1:202"), shapes(rows));
    String link = text(rows.get(1).object("request"), "request");
    assertEquals("pending", text(json(fixture.get(link).body()), "state"));
    fixture.memory.release();
  }

  @Test
  void refusesRowsThatTheLedgerRefuses() {
    fixture.memory.endWith(new SubmitResult.Rejected(OutcomeKind.BUSY, "full"));
    assertEquals(List.of("0:503", "1:503"), shapes(rows(fixture.post(BATCH, "1\n2\n"))));
  }

  @Test
  void refusesBatchesOverTheirLimits() {
    String lines =
        IntStream.range(0, 51).mapToObj(Integer::toString).collect(Collectors.joining("\n"));
    HttpResponse<String> many = fixture.post(BATCH, lines);
    assertEquals(413, many.statusCode(), many.body());
    assertTrue(many.body().contains("<= 50"), many.body());
    HttpResponse<String> big = fixture.post(BATCH, " ".repeat((4 << 20) + 1));
    assertEquals(413, big.statusCode(), big.body());
    assertTrue(big.body().contains("<= 4194304"), big.body());
    assertEquals(List.of(), rows(fixture.post(BATCH, "\n \n")));
  }

  @Test
  void goesOnWithManyLines() throws IOException {
    fixture.close();
    var limits =
        new io.tallystick.config.GatewayConfig.Limits(
            8 << 20, 10_000, 100_000, 64 << 20, 64, 10_000, 1_000_000, 10);
    fixture = new GatewayFixture(directory.resolve("more"), limits, false);
    String body =
        IntStream.range(0, 5_000)
            .mapToObj(i -> "{\"i\":" + i + ",\"pad\":\"" + "y".repeat(900) + "\"}\n")
            .collect(Collectors.joining());
    List<JsonObject> rows = rows(fixture.post(BATCH, body));
    assertEquals(IntStream.range(0, 5_000).mapToObj(i -> i + ":201").toList(), shapes(rows));
  }
}

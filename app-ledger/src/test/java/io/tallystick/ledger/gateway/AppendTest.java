package io.tallystick.ledger.gateway;

import static io.tallystick.ledger.gateway.GatewayFixture.json;
import static io.tallystick.ledger.gateway.GatewayFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.client.SubmitResult;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AppendTest {
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

  private static String problem(HttpResponse<String> answer, int status) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(
        "application/problem+json", answer.headers().firstValue("content-type").orElseThrow());
    JsonObject document = json(answer.body());
    assertTrue(text(document, "detail").length() > 3);
    return text(document, "type").replace("urn:tallystick:problem:", "");
  }

  @Test
  void answersAReceiptThatHolds() {
    HttpResponse<String> answer = fixture.post(ENTRIES, "hello", "Content-Type", "text/plain");
    assertEquals(201, answer.statusCode(), answer.body());
    assertEquals("/v1/entries/1", answer.headers().firstValue("location").orElseThrow());
    assertTrue(answer.headers().firstValue("ratelimit").isPresent());
    Receipt receipt = Receipt.parse(Bytes.utf8(answer.body()));
    assertInstanceOf(ReceiptVerdict.Holds.class, receipt.check(fixture.ledger.genesis()));
    assertEquals("ci", receipt.entry().principal());
    assertEquals("text/plain", receipt.entry().contentType());
    assertTrue(receipt.isOf(Bytes.utf8("hello")));
  }

  @Test
  void answersTheOriginalEntryToTheSameKeyAndBody() {
    HttpResponse<String> first = fixture.post(ENTRIES, "a", "Idempotency-Key", "\"k-1\"");
    HttpResponse<String> again = fixture.post(ENTRIES, "a", "Idempotency-Key", "k-1");
    fixture.memory.publish();
    HttpResponse<String> fromCopy = fixture.post(ENTRIES, "a", "Idempotency-Key", "\"k-1\"");
    assertEquals(201, first.statusCode(), first.body());
    assertEquals(200, again.statusCode(), again.body());
    assertEquals(200, fromCopy.statusCode(), fromCopy.body());
    for (HttpResponse<String> each : List.of(again, fromCopy)) {
      assertEquals(text(json(first.body()), "envelope"), text(json(each.body()), "envelope"));
      assertEquals("1", text(json(each.body()), "index"));
      Receipt receipt = Receipt.parse(Bytes.utf8(each.body()));
      assertInstanceOf(ReceiptVerdict.Holds.class, receipt.check(fixture.ledger.genesis()));
    }
    assertEquals(2, fixture.ledger.store().size());
  }

  @Test
  void refusesTheSameKeyWithAnotherBody() {
    fixture.post(ENTRIES, "a", "Idempotency-Key", "\"k\"");
    assertEquals("id-reused", problem(fixture.post(ENTRIES, "b", "Idempotency-Key", "k"), 422));
    fixture.memory.publish();
    assertEquals("id-reused", problem(fixture.post(ENTRIES, "b", "Idempotency-Key", "k"), 422));
    HttpResponse<String> otherType =
        fixture.post(ENTRIES, "a", "Idempotency-Key", "k", "Content-Type", "text/plain");
    assertEquals("id-reused", problem(otherType, 422));
  }

  @Test
  void keepsKeysOfPrincipalsAndStreamsApart() {
    fixture.post(ENTRIES, "a", "Idempotency-Key", "k");
    String other = GatewayFixture.token("someone-else", EnumSet.of(Scope.APPEND), "*");
    HttpResponse<String> theirs =
        fixture.send(
            fixture
                .request(ENTRIES, other)
                .header("Idempotency-Key", "k")
                .POST(BodyPublishers.ofString("b")));
    assertEquals(201, theirs.statusCode(), theirs.body());
    HttpResponse<String> elsewhere =
        fixture.post("/v1/streams/t/entries", "a", "Idempotency-Key", "k");
    assertEquals(201, elsewhere.statusCode(), elsewhere.body());
    assertNotEquals(text(json(theirs.body()), "index"), text(json(elsewhere.body()), "index"));
  }

  @Test
  @DisplayName("S19 an append without outcome answers a link, which resolves it")
  void answersALinkThatResolvesWhenThereIsNoOutcome() {
    fixture.memory.hold();
    HttpResponse<String> answer = fixture.post(ENTRIES, "a", "Idempotency-Key", "k");
    assertEquals(202, answer.statusCode(), answer.body());
    String link = answer.headers().firstValue("location").orElseThrow();
    assertEquals(link, text(json(answer.body()), "request"));
    assertEquals("pending", text(json(fixture.get(link).body()), "state"));
    assertEquals("still-running", problem(fixture.post(ENTRIES, "a", "Idempotency-Key", "k"), 409));

    fixture.memory.release();
    fixture.memory.publish();
    JsonObject resolved = json(fixture.get(link).body());
    assertEquals("committed", text(resolved, "state"));
    assertEquals(200, fixture.post(ENTRIES, "a", "Idempotency-Key", "k").statusCode());
    String stranger = GatewayFixture.token("stranger", EnumSet.of(Scope.APPEND), "*");
    HttpResponse<String> theirs = fixture.send(fixture.request(link, stranger));
    assertEquals("pending", text(json(theirs.body()), "state"));
  }

  @Test
  @DisplayName("S19 a request that no replica and no copy past its deadline knows is absent")
  void resolvesToAbsentPastTheDeadline() {
    fixture.memory.endWith(
        new SubmitResult.Unknown(SignedLedger.START_MICROS + MemoryLedger.TIMEOUT_MICROS));
    HttpResponse<String> answer = fixture.post(ENTRIES, "a");
    assertEquals(202, answer.statusCode(), answer.body());
    String link = answer.headers().firstValue("location").orElseThrow();
    assertEquals("pending", text(json(fixture.get(link).body()), "state"));
    fixture.memory.answerOutcome(Outcome.of(OutcomeKind.ABSENT));
    assertEquals("absent", text(json(fixture.get(link).body()), "state"));
    fixture.memory.answerOutcome(Outcome.of(OutcomeKind.UNKNOWN));
    assertEquals("pending", text(json(fixture.get(link).body()), "state"));
    fixture.memory.setNow(OptionalLong.of(SignedLedger.START_MICROS + 300_000_000));
    fixture.memory.publish();
    assertEquals("absent", text(json(fixture.get(link).body()), "state"));
    fixture.memory.answerOutcome(Outcome.refused(OutcomeKind.REJECTED, "no"));
    assertEquals("rejected", text(json(fixture.get(link).body()), "state"));
  }

  @Test
  void answersAtOnceWhenAskedTo() {
    fixture.memory.hold();
    HttpResponse<String> answer = fixture.post(ENTRIES, "a", "Prefer", "respond-async");
    assertEquals(202, answer.statusCode(), answer.body());
    fixture.memory.release();
    fixture.memory.publish();
    String link = answer.headers().firstValue("location").orElseThrow();
    assertEquals("committed", text(json(fixture.get(link).body()), "state"));
  }

  @Test
  void sendsNoKeyedRequestWhileItsCopyIsBehind() {
    fixture.memory.setNow(OptionalLong.of(SignedLedger.START_MICROS + 62_000_000));
    HttpResponse<String> keyed = fixture.post(ENTRIES, "a", "Idempotency-Key", "k");
    assertEquals("copy-behind", problem(keyed, 503));
    assertTrue(keyed.headers().firstValue("retry-after").isPresent());
    assertEquals(201, fixture.post(ENTRIES, "a").statusCode());
    fixture.memory.publish();
    assertEquals(201, fixture.post(ENTRIES, "a", "Idempotency-Key", "k").statusCode());
  }

  @Test
  void saysWhyTheLedgerDidNotRecord() {
    for (Object[] each :
        new Object[][] {
          {OutcomeKind.NOT_GRANTED, 403, "not-granted"},
          {OutcomeKind.REJECTED, 422, "rejected"},
          {OutcomeKind.BUSY, 503, "overloaded"},
          {OutcomeKind.TOO_FAR, 503, "overloaded"},
          {OutcomeKind.EXPIRED, 503, "expired"}
        }) {
      fixture.memory.endWith(new SubmitResult.Rejected((OutcomeKind) each[0], "as it is"));
      assertEquals(each[2], problem(fixture.post(ENTRIES, "a"), (int) each[1]));
    }
  }

  @Test
  void refusesWhileNoClusterIsReachable() {
    fixture.memory.setNow(OptionalLong.empty());
    assertEquals("no-cluster", problem(fixture.post(ENTRIES, "a"), 503));
  }

  @Test
  void refusesBadNamesKeysAndTypes() {
    assertEquals("bad-stream", problem(fixture.post("/v1/streams/UPPER/entries", "a"), 400));
    assertEquals("bad-stream", problem(fixture.post("/v1/streams/_system/entries", "a"), 400));
    assertEquals("bad-stream", problem(fixture.post("/v1/streams/a%2Fb/entries", "a"), 400));
    for (String key : List.of("\"\"", "\"a", "a\"b", "é", "x".repeat(256))) {
      assertEquals(
          "bad-idempotency-key", problem(fixture.post(ENTRIES, "a", "Idempotency-Key", key), 400));
    }
    assertEquals(
        "bad-content-type",
        problem(fixture.post(ENTRIES, "a", "Content-Type", "t/" + "x".repeat(254)), 400));
    assertEquals(
        "unsupported-encoding",
        problem(fixture.post(ENTRIES, "a", "Content-Encoding", "gzip"), 415));
  }

  @Test
  @DisplayName("S20 a payload at the limit is taken, one over it is refused by name of the limit")
  void refusesPayloadsOverTheLimit() {
    int max = fixture.ledger.genesis().parameters().payloadBytesMax();
    assertEquals(201, fixture.post(ENTRIES, "x".repeat(max)).statusCode());
    HttpResponse<String> over = fixture.post(ENTRIES, "x".repeat(max + 1));
    assertEquals("too-large", problem(over, 413));
    assertTrue(text(json(over.body()), "detail").contains("<= 1048576"), over.body());
    HttpResponse<String> chunked =
        fixture.send(
            fixture
                .request(ENTRIES, GatewayFixture.token())
                .POST(
                    BodyPublishers.ofInputStream(
                        () -> new java.io.ByteArrayInputStream(new byte[max + 1]))));
    assertEquals("too-large", problem(chunked, 413));
    assertEquals(201, fixture.post(ENTRIES, "").statusCode());
  }
}

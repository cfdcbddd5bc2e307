package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.cli.BatchReader.Batch;
import io.tallystick.ledger.cli.BatchReader.Line;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Talks to a gateway that answers as it is told to. */
class AppenderTest {
  private static final Batch BATCH =
      new Batch(
          "f.ndjson",
          List.of(
              new Line(1, Bytes.utf8("{}")),
              new Line(2, Bytes.utf8("[]")),
              new Line(5, Bytes.utf8("7"))));
  private static final String DROP = "drop";

  private final Queue<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private HttpServer server;
  private GatewayHttp http;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
    server.createContext("/", this::answer);
    server.start();
    URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    http = new GatewayHttp(base, "secret");
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    asked.add(
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("Idempotency-Key")
            + " "
            + new String(body, StandardCharsets.UTF_8).replace('\n', '|'));
    String answer = answers.size() > 1 ? answers.remove() : answers.element();
    if (!answer.equals(DROP)) {
      int status = Integer.parseInt(answer.substring(0, 3));
      byte[] text = answer.substring(4).getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    }
    exchange.close();
  }

  private BatchOutcome append(Duration patience) throws InterruptedException {
    return new Appender(http, "s", patience).append(BATCH, "k-0");
  }

  private static String committed(int line, int status) {
    return "{\"line\":"
        + line
        + ",\"status\":"
        + status
        + ",\"receipt\":{\"index\":\""
        + line
        + "\"}}\n";
  }

  @Test
  void countsWhatIsCommitted() throws Exception {
    answers.add("200 " + committed(0, 201) + committed(1, 201) + committed(2, 200));
    BatchOutcome outcome = append(Duration.ofSeconds(30));
    assertEquals(3, outcome.receipts().size());
    assertEquals("0", outcome.receipts().getFirst().path("index").asText());
    assertEquals(List.of("POST /v1/streams/s/entries:batch \"k-0\" {}|[]|7|"), asked);
  }

  @Test
  void saysWhichLineWasRejectedAndWhy() throws Exception {
    answers.add(
        "200 "
            + committed(0, 201)
            + "{\"line\":1,\"status\":400,\"problem\":{\"title\":\"bad\",\"detail\":\"no JSON\","
            + "\"status\":400}}\n"
            + committed(2, 201));
    BatchOutcome outcome = append(Duration.ofSeconds(30));
    assertEquals(
        List.of(new BatchOutcome.Rejection("f.ndjson", 2, "400 bad: no JSON")),
        outcome.rejections());
    assertEquals(2, outcome.receipts().size());
  }

  @Test
  void sendsAgainUnderTheSameKeyAfterALostConnectionAndAFailure() throws Exception {
    answers.add(DROP);
    answers.add("503 {}");
    answers.add("429 {}");
    answers.add("200 " + committed(0, 200) + committed(1, 200) + committed(2, 200));
    assertEquals(3, append(Duration.ofSeconds(30)).receipts().size());
    assertEquals(4, asked.size());
    assertEquals(1, asked.stream().distinct().count());
  }

  @Test
  void followsTheLinksOfUnknownOutcomes() throws Exception {
    answers.add(
        "200 "
            + committed(0, 201)
            + "{\"line\":1,\"status\":202,"
            + "\"request\":{\"request\":\"/v1/requests/aa?deadline=x\"}}\n"
            + committed(2, 201));
    answers.add("200 {\"state\":\"pending\"}");
    answers.add("200 {\"state\":\"committed\",\"receipt\":{\"index\":\"9\"}}");
    BatchOutcome outcome = append(Duration.ofSeconds(30));
    assertEquals("9", outcome.receipts().get(1).path("index").asText());
    assertTrue(asked.get(2).startsWith("GET /v1/requests/aa?deadline=x "), asked::toString);
  }

  @Test
  void sendsAgainWhatIsCertainlyAbsent() throws Exception {
    String pending = "{\"line\":1,\"status\":202,\"request\":{\"request\":\"/v1/requests/aa\"}}\n";
    answers.add("200 " + committed(0, 201) + pending + committed(2, 201));
    answers.add("200 {\"state\":\"absent\"}");
    answers.add("200 " + committed(0, 200) + committed(1, 201) + committed(2, 200));
    assertEquals(3, append(Duration.ofSeconds(30)).receipts().size());
    assertEquals(asked.get(0), asked.get(2));
  }

  @Test
  void givesUpAsUnknownWhenTimeIsOver() throws Exception {
    answers.add("503 {}");
    BatchOutcome outcome = append(Duration.ofMillis(300));
    assertEquals(List.of(1L, 2L, 5L), outcome.unknown());
    AppendRun run = new AppendRun();
    run.add(outcome);
    assertEquals(ExitStatus.UNKNOWN, run.status());
    assertTrue(run.summary().startsWith("0 committed, 0 rejected, 3 unknown in "), run::summary);
  }

  @Test
  void doesNotTryAgainWithoutAToken() {
    answers.add("401 {\"title\":\"no\",\"detail\":\"token\"}");
    CommandException e = assertThrows(CommandException.class, () -> append(Duration.ofSeconds(30)));
    assertEquals(ExitStatus.USAGE, e.status());
    assertEquals(1, asked.size());
  }

  @Test
  void rejectsAllLinesOfABatchThatIsRefusedWhole() throws Exception {
    answers.add("403 {\"title\":\"not allowed\",\"status\":403}");
    BatchOutcome outcome = append(Duration.ofSeconds(30));
    assertEquals(3, outcome.rejections().size());
    assertEquals("403 not allowed", outcome.rejections().getFirst().reason());
  }
}

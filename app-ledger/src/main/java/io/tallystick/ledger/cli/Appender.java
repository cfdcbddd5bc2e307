package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.cli.BatchReader.Batch;
import io.tallystick.ledger.cli.BatchReader.Line;
import io.tallystick.ledger.cli.GatewayHttp.Answer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Appends batches so that nothing is lost and nothing doubled: each batch has an idempotency key of
 * its own, and is sent again under it, with growing pauses, until every line has an outcome or the
 * time is over. Safe on several threads, one batch each.
 */
final class Appender {
  private static final long PAUSE_MILLIS_FIRST = 100;
  private static final long PAUSE_MILLIS_MAX = 5_000;

  private final GatewayHttp gateway;
  private final String path;
  private final Duration patience;

  /**
   * @param patience how long a batch may go without progress before its lines count as unknown
   */
  Appender(GatewayHttp gateway, String stream, Duration patience) {
    this.gateway = gateway;
    this.path = "v1/streams/" + URLEncoder.encode(stream, StandardCharsets.UTF_8) + "/entries";
    this.patience = patience;
  }

  /** How one line stands: its receipt, or why not (yet). */
  private record Standing(State state, JsonNode detail) {}

  private enum State {
    COMMITTED,
    REJECTED,
    PENDING,
    UNSENT
  }

  /** Appends a batch of lines. */
  BatchOutcome append(Batch batch, String key) throws InterruptedException {
    return append(batch, key, path + ":batch", "application/x-ndjson");
  }

  /** Appends one payload whole; its batch has one line. */
  BatchOutcome appendWhole(Batch batch, String key, String contentType)
      throws InterruptedException {
    return append(batch, key, path, contentType);
  }

  private BatchOutcome append(Batch batch, String key, String target, String contentType)
      throws InterruptedException {
    boolean whole = target.equals(path);
    Bytes body = whole ? batch.lines().getFirst().bytes() : batch.body();
    Map<String, String> headers =
        Map.of("Idempotency-Key", "\"" + key + "\"", "Content-Type", contentType);
    Map<Integer, Standing> standings = new TreeMap<>();
    long endNanos = System.nanoTime() + patience.toNanos();
    long pauseMillis = PAUSE_MILLIS_FIRST;
    while (true) {
      long before = count(standings, State.COMMITTED) + count(standings, State.REJECTED);
      try {
        Answer answer =
            gateway.post(target, body, headers, remaining(endNanos).plus(Duration.ofSeconds(5)));
        take(answer, whole, batch, standings);
        resolve(standings, endNanos);
      } catch (IOException e) {
        // The lines' outcome is unknown: the same key asks again
        pauseMillis = Math.max(pauseMillis, PAUSE_MILLIS_FIRST);
      }
      long settled = count(standings, State.COMMITTED) + count(standings, State.REJECTED);
      if (settled == batch.lines().size() || System.nanoTime() - endNanos >= 0) {
        return outcome(batch, standings);
      }
      if (settled > before) {
        endNanos = System.nanoTime() + patience.toNanos();
        pauseMillis = PAUSE_MILLIS_FIRST;
      }
      pause(pauseMillis);
      pauseMillis = Math.min(pauseMillis * 2, PAUSE_MILLIS_MAX);
    }
  }

  private static Duration remaining(long endNanos) {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  private static void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  private static long count(Map<Integer, Standing> standings, State state) {
    return standings.values().stream().filter(s -> s.state() == state).count();
  }

  private static void take(
      Answer answer, boolean whole, Batch batch, Map<Integer, Standing> standings) {
    if (whole && answer.status() / 100 == 2) {
      JsonNode json = answer.json();
      standings.put(0, new Standing(state(answer.status()), json));
    } else if (answer.status() == 200) {
      for (String row : answer.text().split("\n")) {
        if (!row.isBlank()) {
          JsonNode json = GatewayHttp.parse(row);
          int status = json.path("status").asInt(500);
          JsonNode detail =
              switch (state(status)) {
                case COMMITTED -> json.path("receipt");
                case PENDING -> json.path("request");
                default -> json.path("problem");
              };
          standings.put(json.path("line").asInt(-1), new Standing(state(status), detail));
        }
      }
    } else if (answer.status() == 401 || answer.status() == 404) {
      throw new CommandException(ExitStatus.USAGE, GatewayHttp.problem(answer));
    } else if (state(answer.status()) == State.REJECTED) {
      for (int i = 0; i < batch.lines().size(); i++) {
        standings.put(i, new Standing(State.REJECTED, GatewayHttp.parse(problemText(answer))));
      }
    }
  }

  private static String problemText(Answer answer) {
    return answer.header("content-type").contains("json")
        ? answer.text()
        : "{\"title\":\"HTTP status " + answer.status() + "\"}";
  }

  private static State state(int status) {
    return switch (status) {
      case 200, 201 -> State.COMMITTED;
      case 202 -> State.PENDING;
      // Another request under the same key is under way; or the gateway asks for patience
      case 408, 409, 425, 429 -> State.UNSENT;
      default -> status >= 500 ? State.UNSENT : State.REJECTED;
    };
  }

  /** Follows the links of the lines whose outcome is unknown, until each has one. */
  private void resolve(Map<Integer, Standing> standings, long endNanos)
      throws InterruptedException, IOException {
    long pauseMillis = PAUSE_MILLIS_FIRST;
    while (count(standings, State.PENDING) > 0 && System.nanoTime() - endNanos < 0) {
      for (Map.Entry<Integer, Standing> entry : standings.entrySet()) {
        if (entry.getValue().state() == State.PENDING) {
          entry.setValue(follow(entry.getValue(), endNanos));
        }
      }
      if (count(standings, State.PENDING) > 0) {
        pause(pauseMillis);
        pauseMillis = Math.min(pauseMillis * 2, PAUSE_MILLIS_MAX);
      }
    }
  }

  private Standing follow(Standing pending, long endNanos) throws IOException {
    String link = pending.detail().path("request").asText("");
    if (link.isEmpty()) {
      return new Standing(State.UNSENT, pending.detail());
    }
    Answer answer =
        gateway.get(link.replaceFirst("^/", ""), remaining(endNanos).plus(Duration.ofSeconds(5)));
    if (answer.status() != 200) {
      return pending;
    }
    JsonNode json = answer.json();
    return switch (json.path("state").asText()) {
      case "committed" -> new Standing(State.COMMITTED, json.path("receipt"));
      case "rejected" -> new Standing(State.REJECTED, json);
      // Certainly not in the ledger: may be sent again under the same key
      case "absent" -> new Standing(State.UNSENT, json);
      default -> pending;
    };
  }

  private static BatchOutcome outcome(Batch batch, Map<Integer, Standing> standings) {
    List<JsonNode> receipts = new ArrayList<>();
    List<BatchOutcome.Rejection> rejections = new ArrayList<>();
    List<Long> unknown = new ArrayList<>();
    for (int i = 0; i < batch.lines().size(); i++) {
      Line line = batch.lines().get(i);
      Standing standing = standings.get(i);
      if (standing == null) {
        unknown.add(line.number());
        continue;
      }
      switch (standing.state()) {
        case COMMITTED -> receipts.add(standing.detail());
        case REJECTED -> {
          String reason = standing.detail().path("reason").asText("");
          String text =
              reason.isEmpty()
                  ? GatewayHttp.problem(
                      standing.detail(), standing.detail().path("status").asInt(400))
                  : reason;
          rejections.add(new BatchOutcome.Rejection(batch.source(), line.number(), text));
        }
        case PENDING, UNSENT -> unknown.add(line.number());
      }
    }
    return new BatchOutcome(receipts, rejections, unknown);
  }
}

package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * All four replicas and the gateway lose power while 50 callers append: what a caller holds a
 * receipt for is there afterwards, and nothing is there twice. Run with {@code
 * -Dtallystick.powercuts=10} for ten cuts in a row.
 */
class PowerCutTest {
  private static final int CALLERS = 50;
  private static final int RECEIPTS_BEFORE_THE_CUT = 400;
  private static final int CUTS = Integer.getInteger("tallystick.powercuts", 1);

  @RegisterExtension static final Processes PROCESSES = new Processes();

  @Test
  @DisplayName("S13 S55 no acknowledged entry is lost or doubled when all replicas lose power")
  void losesNothingAndDoublesNothing() throws Exception {
    Cluster cluster = PROCESSES.init("ledger").start();
    Map<String, Callers.Call> all = new HashMap<>();
    for (int cut = 0; cut < CUTS; cut++) {
      Callers callers = new Callers(cluster, CALLERS, "cut-" + cut);
      callers.start();
      Await.until(
          RECEIPTS_BEFORE_THE_CUT + " receipts",
          Duration.ofMinutes(1),
          () -> callers.receipts() >= RECEIPTS_BEFORE_THE_CUT);
      cluster.killAll();
      callers.stop();
      assertTrue(callers.cutOff() > 0, "nobody was cut off: this was no power cut");
      all.putAll(callers.calls());

      cluster.start();
      holdsEveryReceipt(cluster, callers.calls());
      answersRetriesWithTheSameEntries(callers);
      holdsNothingTwice(cluster, cut, all);
    }
  }

  private static void holdsEveryReceipt(Cluster cluster, Map<String, Callers.Call> calls)
      throws Exception {
    long last =
        calls.values().stream()
            .flatMap(call -> call.receipt().stream())
            .mapToLong(receipt -> receipt.get("index").asLong())
            .max()
            .orElseThrow();
    // A gateway that was killed has to read again what its copy hadn't synced; until then it may
    // say that it is behind, and never that there is no such entry
    Await.until(
        "the gateway's copy to hold entry " + last,
        Duration.ofMinutes(1),
        () -> {
          Http.Reply reply = cluster.http().get("/v1/entries/" + last);
          return reply.status() != 503 && reply.expect(200).status() == 200;
        });
    AtomicInteger checked = new AtomicInteger();
    Callers.inParallel(
        CALLERS,
        calls.values(),
        call -> {
          if (call.receipt().isPresent()) {
            JsonNode receipt = call.receipt().get();
            Http.Reply entry =
                cluster.http().get("/v1/entries/" + receipt.get("index").asText()).expect(200);
            assertEquals(receipt.get("envelope").asText(), entry.text("envelope"));
            checked.incrementAndGet();
          }
        });
    assertTrue(checked.get() >= RECEIPTS_BEFORE_THE_CUT, "checked " + checked);
  }

  private static void answersRetriesWithTheSameEntries(Callers callers) throws Exception {
    Callers.inParallel(
        CALLERS,
        callers.calls().values(),
        call -> {
          Http.Reply reply = callers.settle(call);
          if (call.receipt().isPresent()) {
            assertEquals(200, reply.status(), reply::text);
            assertEquals(call.receipt().get().get("index").asText(), reply.text("index"));
            assertEquals(call.receipt().get().get("envelope").asText(), reply.text("envelope"));
          }
        });
  }

  private static void holdsNothingTwice(Cluster cluster, int cut, Map<String, Callers.Call> all)
      throws Exception {
    Path export = PROCESSES.home().resolve("export-" + cut);
    cluster.tally("export", "--out", export.toString()).expect(0, Cluster.COMMAND);
    PROCESSES
        .run(Cluster.COMMAND, "verify", export.toString(), "--genesis", cluster.genesisHash())
        .expect(0, Cluster.COMMAND);
    Map<String, String> indexOfBody = new HashMap<>();
    Map<String, String> indexOfId = new HashMap<>();
    for (ExportedEntry entry : ExportedEntry.all(export)) {
      if (entry.index() > 0) {
        String body = entry.payload();
        String index = Long.toString(entry.index());
        assertFalse(indexOfBody.containsKey(body), () -> "twice: " + body);
        assertFalse(indexOfId.containsKey(entry.id()), () -> "twice: id " + entry.id());
        indexOfBody.put(body, index);
        indexOfId.put(entry.id(), index);
      }
    }
    assertEquals(all.size(), indexOfBody.size(), "calls that were made, entries that there are");
    for (Callers.Call call : all.values()) {
      if (call.receipt().isPresent()) {
        assertEquals(
            call.receipt().get().get("index").asText(), indexOfBody.get(call.body()), call.body());
      }
    }
  }
}

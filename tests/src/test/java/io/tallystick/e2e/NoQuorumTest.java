package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two of four replicas are away: nothing is answered that may be wrong, and all resolves later. */
class NoQuorumTest {
  private static final Duration RESOLVED = Duration.ofSeconds(90);

  @RegisterExtension static final Processes PROCESSES = new Processes();

  private static Cluster cluster;

  @BeforeAll
  static void starts() throws Exception {
    cluster = PROCESSES.init("ledger");
    // Not the ten seconds of the default: the tests wait for it
    cluster.configure("gateway", "limits:\n  wait_millis: 1500\n");
    cluster.start();
    cluster.http().append("quorum", "{\"before\":true}").expect(201);
  }

  @Test
  @DisplayName("S7 S19 an append without a quorum is unknown, and resolves when replicas thaw")
  void answersUnknownAndResolvesAfterAThaw() throws Exception {
    Http http = cluster.http();
    String body = "{\"frozen\":true}";
    cluster.freeze("replica-2");
    cluster.freeze("replica-3");
    Http.Reply unknown;
    try {
      unknown = http.append("quorum", body, "frozen-1").expect(202);
      assertTrue(unknown.text("request").startsWith("/v1/requests/"), unknown::text);
      assertEquals(unknown.text("request"), unknown.header("Location"));
      Instant deadline = Instant.parse(unknown.text("deadline"));
      assertTrue(deadline.isAfter(Instant.now().minusSeconds(5)), unknown::text);
      assertTrue(deadline.isBefore(Instant.now().plusSeconds(120)), unknown::text);
      assertEquals("pending", http.get(unknown.text("request")).expect(200).text("state"));
      assertNotReady(http);
    } finally {
      cluster.thaw("replica-2");
      cluster.thaw("replica-3");
    }
    resolves(http, unknown, "frozen-1", body);
    committedAgain(http, "thawed");
  }

  @Test
  @DisplayName("S19 S55 an append without a quorum resolves when killed replicas are back")
  void answersUnknownAndResolvesAfterARestart() throws Exception {
    Http http = cluster.http();
    String body = "{\"killed\":true}";
    cluster.kill("replica-2");
    cluster.kill("replica-3");
    Http.Reply unknown = http.append("quorum", body, "killed-1").expect(202);
    for (int id : List.of(2, 3)) {
      assertTrue(cluster.startReplica(id).process().isAlive());
    }
    resolves(http, unknown, "killed-1", body);
    committedAgain(http, "restarted");
    cluster.awaitCaughtUp(2, Duration.ofSeconds(20));
    cluster.awaitCaughtUp(3, Duration.ofSeconds(20));
  }

  @Test
  void saysThatAKeyIsStillRunning() throws Exception {
    Http http = cluster.http();
    cluster.freeze("replica-2");
    cluster.freeze("replica-3");
    Http.Reply first;
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Http.Reply> running =
          threads.submit(() -> http.append("quorum", "{\"running\":1}", "running-1"));
      Http.Reply second =
          Await.value(
              "409 for a key that is running",
              Duration.ofSeconds(10),
              () -> {
                Http.Reply reply = http.append("quorum", "{\"running\":1}", "running-1");
                return reply.status() == 409 ? Optional.of(reply) : Optional.empty();
              });
      assertTrue(second.text("type").endsWith("still-running"), second::text);
      first = running.get(30, TimeUnit.SECONDS);
      // Whoever came first got the unknown outcome, the other the conflict
      assertTrue(first.status() == 202 || first.status() == 409, first::text);
    } finally {
      cluster.thaw("replica-2");
      cluster.thaw("replica-3");
    }
    committedAgain(http, "ran");
  }

  @Test
  void answersWithALinkAtOnceWhenAsked() throws Exception {
    Http http = cluster.http();
    Http.Reply reply =
        http.append("quorum", "{\"async\":true}", Map.of("Prefer", "respond-async")).expect(202);
    JsonNode state =
        Await.value(
            "the outcome behind the link",
            Duration.ofSeconds(20),
            () -> {
              JsonNode found = http.get(reply.text("request")).expect(200).json();
              return found.path("state").asText().equals("committed")
                  ? Optional.of(found)
                  : Optional.empty();
            });
    String index = state.path("receipt").path("index").asText();
    assertEquals(
        state.path("receipt").path("envelope").asText(),
        http.get("/v1/entries/" + index).expect(200).text("envelope"));
  }

  @Test
  void saysThatAnIdIsCertainlyNotInTheLedger() throws Exception {
    Http http = cluster.http();
    String past = "2026-01-01T00:00:00.000000Z";
    Http.Reply reply =
        http.get("/v1/requests/00112233445566778899aabbccddeeff?deadline=" + past).expect(200);
    assertEquals("absent", reply.text("state"), reply::text);
  }

  private static void assertNotReady(Http http) {
    Await.until(
        "the gateway to say that it isn't ready",
        Duration.ofSeconds(30),
        () -> {
          Http.Reply ready = http.get("/readyz");
          return ready.status() == 503 && ready.text().contains("expected");
        });
    assertTrue(cluster.dev().process().isAlive());
  }

  /** Follows the link to the end, and checks that the ledger is as it says. */
  private static void resolves(Http http, Http.Reply unknown, String key, String body)
      throws Exception {
    JsonNode end =
        Await.value(
            "the outcome of " + key,
            RESOLVED,
            () -> {
              JsonNode found = http.get(unknown.text("request")).expect(200).json();
              return Set.of("committed", "absent").contains(found.path("state").asText())
                  ? Optional.of(found)
                  : Optional.empty();
            });
    if (end.path("state").asText().equals("committed")) {
      Http.Reply again = http.append("quorum", body, key).expect(200);
      assertEquals(end.path("receipt").path("index").asText(), again.text("index"));
      assertEquals(1, countOf(http, body));
    } else {
      assertEquals(0, countOf(http, body));
    }
  }

  private static void committedAgain(Http http, String key) throws IOException {
    Http.Reply reply =
        Await.value(
            "appends to be served again",
            Duration.ofMinutes(1),
            () -> {
              Http.Reply each = http.append("quorum", "{}", key);
              return each.status() == 201 || each.status() == 200
                  ? Optional.of(each)
                  : Optional.empty();
            });
    assertFalse(reply.text("index").isEmpty());
  }

  private static long countOf(Http http, String body) throws Exception {
    String wanted =
        java.util.Base64.getEncoder()
            .encodeToString(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    JsonNode page = http.get("/v1/streams/quorum/entries?limit=1000").expect(200).json();
    long count = 0;
    for (JsonNode entry : page.path("entries")) {
      count += entry.path("payload").asText().equals(wanted) ? 1 : 0;
    }
    return count;
  }
}

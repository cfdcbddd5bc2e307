package io.tallystick.ledger.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.receipt.SignedLedger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LedgerClientTest {
  private static final long SECONDS = 30;

  @TempDir private Path directory;
  private SignedLedger ledger;
  private final AtomicReference<MemoryReplicas> replicas = new AtomicReference<>();
  private final AtomicReference<ReplicaLinks.Listener> network = new AtomicReference<>();

  @BeforeEach
  void makeALedger() throws IOException {
    ledger = new SignedLedger(directory, 4, 4);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  private LedgerClient client(ClientSettings settings) {
    return client(settings, Set.of());
  }

  private LedgerClient client(ClientSettings settings, Set<ReplicaId> silent) {
    Genesis genesis = ledger.genesis();
    return LedgerClient.start(
        new LedgerClient.Cluster(
            genesis.hash(),
            genesis.logVkey(),
            genesis.membership(),
            genesis.parameters(),
            SignedLedger.key(92)),
        settings,
        listener -> {
          network.set(listener);
          replicas.set(new MemoryReplicas(ledger, listener));
          silent.forEach(id -> replicas.get().silence(id.value()));
          return replicas.get();
        },
        new SimpleMeterRegistry());
  }

  private ClientSettings settings() {
    return ClientSettings.of(ledger.genesis().parameters());
  }

  private static Submission entry(int number, String content) {
    Bytes id = Bytes.wrap(Digest.sha256(new byte[] {(byte) number}).toArray()).slice(0, 16);
    return Submission.append("ci", new RequestId(id), "s", "text/plain", Bytes.utf8(content));
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  @Test
  void waitsForLedgerTimeAndThenCommits() {
    try (LedgerClient client = client(settings())) {
      Submitted early = client.submit(entry(1, "a"));
      assertTrue(early.deadlineMicros().isEmpty());
      assertFalse(early.result().isDone());
      replicas.get().comeUp();
      SubmitResult.Committed done =
          assertInstanceOf(SubmitResult.Committed.class, await(early.result()));
      assertEquals(1, done.entry().index());
      assertFalse(done.repeated());
      assertTrue(client.keys().published(done.entry().head()));
      SubmitResult.Committed again =
          assertInstanceOf(
              SubmitResult.Committed.class, await(client.submit(entry(1, "a")).result()));
      assertTrue(again.repeated());
      assertEquals(done.entry().envelope(), again.entry().envelope());
      assertEquals(done.entry().salt(), again.entry().salt());
    }
  }

  @Test
  void groupsWhatComesWhileBundlesAreInFlight() {
    try (LedgerClient client = client(settings())) {
      for (int i = 0; i < 4; i++) {
        replicas.get().silence(i);
      }
      replicas.get().comeUp();
      List<Submitted> all = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        all.add(client.submit(entry(i, "p" + i)));
      }
      for (int i = 0; i < 4; i++) {
        replicas.get().unsilence(i);
        network.get().reachable(new ReplicaId(i), false);
        network.get().reachable(new ReplicaId(i), true);
      }
      for (Submitted each : all) {
        assertInstanceOf(SubmitResult.Committed.class, await(each.result()));
      }
      assertTrue(replicas.get().executed.size() < 100, replicas.get().executed.size() + " bundles");
      assertEquals(201, ledger.store().size());
    }
  }

  @Test
  @DisplayName("S67 a replica that withholds the answer in full delays, and no more")
  void commitsWithAReplicaSilent() {
    try (LedgerClient client = client(settings())) {
      replicas.get().silence(2);
      replicas.get().comeUp();
      for (int i = 0; i < 12; i++) {
        assertInstanceOf(
            SubmitResult.Committed.class, await(client.submit(entry(i, "p")).result()));
      }
    }
  }

  @Test
  void refusesMoreThanItMayHold() {
    ClientSettings small = new ClientSettings(1, 2, 3, 10, 5, 20_000, 1_000, 4, 1_000);
    try (LedgerClient client = client(small)) {
      client.submit(entry(1, "1234"));
      client.submit(entry(2, "1234"));
      Submitted over = client.submit(entry(3, "1234"));
      CompletionException refused =
          assertThrows(CompletionException.class, () -> await(over.result()));
      assertInstanceOf(OverloadedException.class, refused.getCause());
      assertThrows(
          IllegalArgumentException.class, () -> client.submit(entry(4, "x".repeat((1 << 20) + 1))));
      replicas.get().comeUp();
      assertInstanceOf(SubmitResult.Committed.class, await(client.submit(entry(5, "1")).result()));
    }
  }

  @Test
  void asksQuestionsOutsideOfBundles() {
    try (LedgerClient client = client(settings())) {
      replicas.get().comeUp();
      await(client.submit(entry(1, "a")).result());
      assertEquals(Bytes.utf8("?"), await(client.read(new ReplicaId(3), Bytes.utf8("?"))));
      assertEquals(2, await(client.head(new ReplicaId(0))).orElseThrow().head().head().size());
      assertEquals(
          Outcome.committed(1),
          await(client.outcome("ci", entry(1, "a").id(), SignedLedger.START_MICROS)));
      assertEquals(
          OutcomeKind.PENDING,
          await(client.outcome("ci", entry(2, "a").id(), SignedLedger.START_MICROS)).kind());
      assertEquals(4, client.standings().stream().filter(ReplicaStanding::reachable).count());
      assertTrue(client.ledgerMicros().isPresent());
    }
  }

  @Test
  void endsQuestionsThatNobodyAnswers() {
    ClientSettings quick = new ClientSettings(1, 2, 10, 100, 5, 20_000, 50, 2, 20);
    try (LedgerClient client = client(quick)) {
      var first = client.read(new ReplicaId(0), Bytes.utf8("?"));
      replicas.get().silence(0);
      var unanswered = client.read(new ReplicaId(0), Bytes.utf8("?"));
      CompletionException failed = assertThrows(CompletionException.class, () -> await(unanswered));
      assertInstanceOf(QueryException.class, failed.getCause());
      assertTrue(first.isDone());
    }
  }

  @Test
  void refusesMalformedAnswers() {
    try (LedgerClient client = client(settings())) {
      assertEquals(
          Verdict.MALFORMED, network.get().received(new ReplicaId(0), Bytes.utf8("garbage")));
      replicas.get().comeUp();
      assertInstanceOf(SubmitResult.Committed.class, await(client.submit(entry(1, "a")).result()));
    }
  }

  @Test
  void endsWhatWaitsWhenItIsClosed() {
    // Silent from the start: a client that ever heard the ledger's time may have sent the bundle
    LedgerClient client = client(settings(), Set.copyOf(ledger.genesis().membership().ids()));
    Submitted never;
    try (client) {
      never = client.submit(entry(1, "a"));
    }
    CompletionException refused =
        assertThrows(CompletionException.class, () -> await(never.result()));
    assertInstanceOf(OverloadedException.class, refused.getCause());
    CompletionException late =
        assertThrows(CompletionException.class, () -> await(client.submit(entry(2, "a")).result()));
    assertInstanceOf(OverloadedException.class, late.getCause());
  }
}

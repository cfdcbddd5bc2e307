package io.tallystick.ledger.state;

import static io.tallystick.ledger.state.TestLedger.ALICE;
import static io.tallystick.ledger.state.TestLedger.TIME;
import static io.tallystick.ledger.state.TestLedger.append;
import static io.tallystick.ledger.state.TestLedger.unsigned;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.statemachine.StateMachine.Result;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.MerkleTree;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.ledger.store.DamagedStoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Crashes, restarts, expiry and full disks; the same batches give the same state every time. */
class RecoveryTest {
  private static final long M = 60_000_000L;
  private static final Genesis GENESIS = TestLedger.genesis();

  @TempDir Path directory;

  /** A batch of the scripted history. */
  private record Step(long time, List<Bundle> bundles) {}

  /** What executing a step gave. */
  private record Seen(Result result, Digest digest) {}

  /** Some thousand requests: fresh ones, repeats, reused ids; every so often a jump in time. */
  private static List<Step> script(int batches, int perBatch, int seed) {
    Random random = new Random(seed);
    List<Step> steps = new ArrayList<>();
    long time = TIME;
    long ids = 0;
    for (int i = 0; i < batches; i++) {
      time += 1 + (i % 10 == 9 ? M : random.nextInt(1_000_000));
      List<Bundle> bundles = new ArrayList<>();
      for (int b = 0; b < 2; b++) {
        List<Request> requests = new ArrayList<>();
        for (int r = 0; r < perBatch / 2; r++) {
          long id = random.nextInt(4) == 0 ? random.nextLong(ids + 1) : ids++;
          String content = random.nextInt(9) == 0 ? "other" : "content " + id;
          requests.add(append(id, "alice", "s" + id % 5, content, time + M));
        }
        bundles.add(unsigned(ALICE.publicKey(), requests));
      }
      steps.add(new Step(time, bundles));
    }
    return steps;
  }

  private static Seen execute(LedgerStateMachine ledger, Step step) throws IOException {
    Result result = ledger.execute(ledger.state().seq() + 1, step.time, step.bundles);
    return new Seen(result, ledger.stateDigest());
  }

  private static List<Seen> history(Path at, List<Step> script) throws IOException {
    List<Seen> seen = new ArrayList<>();
    try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
      for (Step step : script) {
        seen.add(execute(ledger, step));
      }
    }
    return seen;
  }

  @Test
  @DisplayName("S51 restarts anywhere give the same outcomes, heads and state digests")
  void givesTheSameWhereverItIsRestarted() throws IOException {
    List<Step> script = script(45, 500, 1);
    List<Seen> expected = history(directory.resolve("straight"), script);
    Path at = directory.resolve("restarted");
    Random random = new Random(2);
    LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS);
    for (int restarts = 0; ledger.state().seq() < script.size(); ) {
      int next = (int) ledger.state().seq();
      assertEquals(expected.get(next), execute(ledger, script.get(next)), "batch " + next);
      if (random.nextInt(5) == 0) {
        assertEquals(next + 1, ledger.sync());
      }
      if (restarts < 25 && random.nextInt(4) == 0) {
        restarts++;
        ledger.close();
        ledger = LedgerStateMachine.open(at, GENESIS);
        long seq = ledger.state().seq();
        if (seq > 0) {
          assertEquals(expected.get((int) seq - 1).digest, ledger.stateDigest());
          assertEquals(expected.get((int) seq - 1).result.head(), ledger.state().head());
          assertEquals(script.get((int) seq - 1).time, ledger.state().ledgerTimeMicros());
        }
      }
    }
    ledger.close();
  }

  @Test
  @DisplayName("S55 power lost at any moment: whatever part of the unsynced writes is on disk")
  void comesBackFromAnyMixtureOfUnsyncedWrites() throws IOException {
    List<Step> script = script(20, 500, 3);
    List<Seen> expected = history(directory.resolve("straight"), script);
    Random random = new Random(4);
    for (int round = 0; round < 12; round++) {
      Path at = directory.resolve("run" + round);
      Path synced = directory.resolve("synced" + round);
      int mark = random.nextInt(script.size());
      int crash = mark + random.nextInt(script.size() - mark);
      try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
        for (int i = 0; i < crash; i++) {
          execute(ledger, script.get(i));
          if (i + 1 == mark) {
            ledger.sync();
            copy(at, synced);
          }
        }
      }
      if (mark > 0) {
        losePartly(at, synced, random);
      }
      try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
        assertEquals(mark, ledger.state().seq());
        for (int i = mark; i < script.size(); i++) {
          assertEquals(expected.get(i), execute(ledger, script.get(i)), "batch " + i);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  /**
   * Each file: as synced, or as written, or written and then torn somewhere past what is synced.
   */
  private static void losePartly(Path at, Path synced, Random random) throws IOException {
    try (Stream<Path> files = Files.walk(at)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path old = synced.resolve(at.relativize(file).toString());
        long kept = Files.exists(old) ? Files.size(old) : 0;
        int fate = random.nextInt(3);
        if (fate == 0 && Files.exists(old)) {
          Files.copy(old, file, StandardCopyOption.REPLACE_EXISTING);
        } else if (fate == 0) {
          Files.delete(file);
        } else if (fate == 1 && Files.size(file) > kept) {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(kept + random.nextLong(Files.size(file) - kept + 1));
          }
        }
      }
    }
  }

  @Test
  void agreesWithTheStateDigestOfTheFormats() throws IOException {
    MerkleTree outcomes = new MerkleTree();
    List<Long> expiries = new ArrayList<>();
    Map<Long, Long> recorded = new HashMap<>();
    try (LedgerStateMachine ledger = LedgerStateMachine.open(directory, GENESIS)) {
      long time = TIME;
      for (int i = 0; i < 30; i++) {
        time += i % 7 == 6 ? 2 * M : 1_000;
        List<Request> requests = new ArrayList<>();
        for (long id = i * 900L; id < i * 900L + 900; id++) {
          requests.add(append(id, "x" + id, time + 1));
        }
        Result result = ledger.execute(i + 1, time, List.of(unsigned(ALICE.publicKey(), requests)));
        for (int r = 0; r < requests.size(); r++) {
          Outcome outcome = result.outcomes().getFirst().get(r);
          recorded.put(i * 900L + r, outcome.index());
          expiries.add(time + 2 * M);
          outcomes.append(
              Rfc6962.leafHash(
                  new StatementWriter()
                      .string("alice")
                      .raw(requests.get(r).id().bytes())
                      .u8(1)
                      .u64(outcome.index())
                      .u64(time + 2 * M)
                      .toArray()));
        }
        long now = time;
        long expired = expiries.stream().filter(expires -> expires < now).count();
        Digest expected =
            StatementWriter.context("state")
                .u64(time)
                .u16(1)
                .u64(expired / 4096 * 4096)
                .u64(expiries.size())
                .digest(outcomes.root())
                .hash();
        assertEquals(expected, ledger.stateDigest(), "batch " + i);
        if (i % 8 == 3) {
          ledger.sync();
        }
      }
      assertEquals(27_000, recorded.size());
      ledger.sync();
      try (Stream<Path> files = Files.list(directory.resolve("outcomes"))) {
        assertTrue(files.count() <= 4, "old segments are still there");
      }
    }
  }

  @Test
  void goesOnWhenAllOutcomesHaveExpired() throws IOException {
    List<Digest> digests = new ArrayList<>();
    for (boolean restarted : new boolean[] {false, true}) {
      Path at = directory.resolve("restarted-" + restarted);
      LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS);
      List<Request> requests = new ArrayList<>();
      for (long id = 0; id < 2 * OutcomeSegment.RECORDS; id++) {
        requests.add(append(id, "x", TIME + 2));
      }
      ledger.execute(1, TIME + 1, List.of(unsigned(ALICE.publicKey(), requests)));
      ledger.sync();
      ledger.execute(2, TIME + 2 + 2 * M, List.of());
      ledger.sync();
      if (restarted) {
        ledger.close();
        ledger = LedgerStateMachine.open(at, GENESIS);
      }
      Request again = append(5, "y", TIME + 3 + 2 * M);
      Result result =
          ledger.execute(3, TIME + 3 + 2 * M, List.of(unsigned(ALICE.publicKey(), List.of(again))));
      assertEquals(OutcomeKind.COMMITTED, result.outcomes().getFirst().getFirst().kind());
      digests.add(ledger.stateDigest());
      ledger.sync();
      ledger.close();
      ledger = LedgerStateMachine.open(at, GENESIS);
      digests.add(ledger.stateDigest());
      ledger.close();
    }
    assertEquals(1, digests.stream().distinct().count());
  }

  @Test
  void answersBusyWhenAsManyOutcomesCountAsMay() throws IOException {
    try (LedgerStateMachine ledger =
        LedgerStateMachine.open(directory, TestLedger.genesis(1_000))) {
      List<Request> requests = new ArrayList<>();
      for (long id = 0; id < 1_005; id++) {
        requests.add(append(id, "x", TIME + 5));
      }
      List<Outcome> outcomes =
          ledger
              .execute(1, TIME + 1, List.of(unsigned(ALICE.publicKey(), requests)))
              .outcomes()
              .getFirst();
      assertEquals(Outcome.committed(1_000), outcomes.get(999));
      assertEquals(OutcomeKind.BUSY, outcomes.get(1_000).kind());
      assertEquals(1_001, ledger.state().head().size());
      Bundle late = unsigned(ALICE.publicKey(), List.of(append(1_000, "x", TIME + 1 + 3 * M)));
      assertEquals(
          OutcomeKind.BUSY,
          ledger
              .execute(2, TIME + 1 + 2 * M, List.of(late))
              .outcomes()
              .getFirst()
              .getFirst()
              .kind());
      assertEquals(
          Outcome.committed(1_001),
          ledger.execute(3, TIME + 2 + 2 * M, List.of(late)).outcomes().getFirst().getFirst());
    }
  }

  @Test
  @DisplayName("S56 a batch that can't be written changes nothing, and is executed when it can")
  void executesAgainWhatCouldNotBeWritten() throws IOException {
    List<Step> script = script(14, 700, 5);
    List<Seen> expected = history(directory.resolve("straight"), script);
    // Files that come up late can't be made where a directory of their name is in the way
    for (String name : new String[] {"store/tile-1", "outcomes/00000000000000004096"}) {
      Path at = directory.resolve(name.replace('/', '-'));
      try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
        int failures = 0;
        Files.createDirectory(at.resolve(name));
        for (int i = 0; i < script.size(); i++) {
          Step step = script.get(i);
          Digest before = ledger.stateDigest();
          try {
            assertEquals(expected.get(i), execute(ledger, step));
          } catch (IOException e) {
            failures++;
            assertEquals(before, ledger.stateDigest());
            assertEquals(i, ledger.state().seq());
            Files.deleteIfExists(at.resolve(name));
            assertEquals(expected.get(i), execute(ledger, step));
          }
          ledger.sync();
        }
        assertEquals(1, failures);
      }
      try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
        assertEquals(expected.getLast().digest, ledger.stateDigest());
        assertEquals(expected.getLast().result.head(), ledger.state().head());
      }
    }
  }

  @Test
  @DisplayName("S52 what differs from the mark is damage, and is named")
  void namesWhatIsDamaged() throws IOException {
    Path at = directory.resolve("whole");
    long size;
    try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
      for (Step step : script(10, 900, 6)) {
        execute(ledger, step);
      }
      ledger.sync();
      size = ledger.state().head().size();
    }
    int largest = (int) (Long.highestOneBit(size) - 2) * Digest.LENGTH;
    assertTrue(failure(at, "store/index", 0, true).contains("store/index"));
    assertTrue(failure(at, "store/entries/00000000000000000000", 0, true).contains("entries"));
    assertTrue(failure(at, "store/payloads/00000000000000000000", 40, false).contains("entry 0"));
    assertTrue(failure(at, "store/nodes", largest, false).contains("hashes of"));
    assertTrue(failure(at, "outcomes/00000000000000000000", 0, true).contains("outcomes"));
    assertTrue(failure(at, "outcomes/00000000000000000000", 70, false).contains("outcomes"));
    Files.delete(at.resolve("mark"));
    DamagedStoreException damaged =
        assertThrows(DamagedStoreException.class, () -> LedgerStateMachine.open(at, GENESIS));
    assertTrue(Objects.requireNonNull(damaged.getMessage()).contains("no mark"));
  }

  private String failure(Path whole, String name, int offset, boolean cut) throws IOException {
    Path at = directory.resolve("damaged");
    copy(whole, at);
    Path file = at.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    if (cut) {
      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    } else {
      bytes[offset] ^= 1;
      Files.write(file, bytes);
    }
    return Objects.requireNonNull(
        assertThrows(DamagedStoreException.class, () -> LedgerStateMachine.open(at, GENESIS))
            .getMessage());
  }

  @Test
  void refusesAnotherLedgersFiles() throws IOException {
    history(directory.resolve("at"), script(2, 10, 7));
    DamagedStoreException damaged =
        assertThrows(
            DamagedStoreException.class,
            () -> LedgerStateMachine.open(directory.resolve("at"), TestLedger.genesis(2_000)));
    assertTrue(Objects.requireNonNull(damaged.getMessage()).contains("expected: "));
    assertNotEquals(GENESIS.hash(), TestLedger.genesis(2_000).hash());
  }

  @Test
  void syncsBesideExecution() throws Exception {
    List<Step> script = script(40, 400, 8);
    Path at = directory.resolve("at");
    List<Seen> seen = new ArrayList<>();
    long[] synced = new long[1];
    try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
      Throwable[] failure = new Throwable[1];
      Thread syncing =
          new Thread(
              () -> {
                while (synced[0] < script.size()) {
                  synced[0] = sync(ledger);
                  ledger.outcome("alice", TestLedger.id(synced[0]), TIME);
                }
              });
      syncing.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
      syncing.start();
      for (Step step : script) {
        seen.add(execute(ledger, step));
      }
      syncing.join();
      assertEquals(null, failure[0]);
    }
    try (LedgerStateMachine ledger = LedgerStateMachine.open(at, GENESIS)) {
      assertEquals(script.size(), ledger.state().seq());
      assertEquals(seen.getLast().digest, ledger.stateDigest());
    }
  }

  private static long sync(LedgerStateMachine ledger) {
    try {
      return ledger.sync();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package io.tallystick.tests.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.ledger.state.LedgerStateMachine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimTest {
  private static final Plan FOUR = Plan.of(4);

  @ParameterizedTest
  @CsvSource({"4, 90", "5, 12", "6, 12", "7, 8", "10, 3", "13, 2"})
  @DisplayName(
      "S21 S22 S40 S55 S56 S74 S75 f liars, crashes and any network: nothing breaks, all completes")
  void findsNothingInAnySizeOfCluster(int n, long seeds) throws InterruptedException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    Tally tally = new Tally(Plan.of(n), 5, new PrintStream(text, true, StandardCharsets.UTF_8));
    Seeds.run(Plan.of(n), 1, seeds, tally::add, false);
    assertEquals("", text.toString(StandardCharsets.UTF_8), tally.line());
    assertTrue(tally.commits() >= 100 * seeds, tally.line());
  }

  @Test
  void givesTheSameTraceForASeedEachTime() {
    for (long seed : new long[] {3, 50}) {
      Result once = World.run(FOUR, seed);
      Result again = World.run(FOUR, seed);
      assertEquals(once.trace(), again.trace());
      assertEquals(once.steps(), again.steps());
      assertNotEquals(once.trace(), World.run(FOUR, seed + 1).trace());
    }
  }

  @Test
  @DisplayName("S21 with one liar more than may be, replicas are made to disagree, and it shows")
  void findsWhatMoreThanFLiarsBreak() {
    Plan plan = FOUR.withLiars(FOUR.n() / 3 + 1).withKinds(EnumSet.noneOf(FaultKind.class));
    long found = 0;
    for (long seed = 1; seed <= 4; seed++) {
      found += World.run(plan, seed).violation() == null ? 0 : 1;
    }
    assertTrue(found > 0);
  }

  @Test
  void simulatesTheLedgerThatTheProductKeeps(@TempDir Path directory) throws IOException {
    for (long seed : new long[] {4, 50}) {
      History.Point end = World.history(FOUR, seed);
      Setting setting = Setting.of(4, new Dice(seed, "setting").below(Setting.CHOICES));
      Path files = directory.resolve("seed-" + seed);
      try (LedgerStateMachine machine = LedgerStateMachine.open(files, setting.genesis())) {
        for (Ledger.Done done : end.ledger.log()) {
          StateMachine.Result result =
              machine.execute(done.after().seq, done.after().timeMicros, done.bundles());
          assertEquals(done.after().head, result.head());
          assertEquals(done.after().outcomes, result.outcomes());
        }
        assertEquals(end.stateDigest(), machine.stateDigest());
        assertTrue(end.head.size() > 50, "entries: " + end.head.size());
      }
    }
  }

  @Test
  void leavesAllFaultsButThoseThatAreChosen() {
    Set<FaultKind> crashes = EnumSet.of(FaultKind.CRASH);
    assertTrue(
        World.faults(FOUR.withKinds(crashes), 5).stream()
            .allMatch(fault -> fault.kind() == FaultKind.CRASH));
    assertTrue(World.faults(FOUR.withKinds(EnumSet.noneOf(FaultKind.class)), 5).isEmpty());
    assertFalse(World.faults(FOUR, 5).isEmpty());
  }
}

package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Many random runs; a failure names its seed, {@code -Dseed=N} runs that one alone, {@code
 * -Druns=N} more of them.
 */
class RandomRunTest {
  @Test
  @DisplayName(
      "S22 S55 S6 S14 S21 S25 R8.1 R8.2 R8.3 loss, duplicates, reordering, cuts, crashes and a liar"
          + " break nothing, and all completes")
  void keepsEveryPropertyUnderRandomFaults() {
    int runs = Integer.getInteger("runs", 200);
    long only = Long.getLong("seed", -1);
    long views = 0;
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? runs : only + 1); seed++) {
      try {
        views += new RandomRun(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
    assertTrue(only >= 0 || views > runs, "views changed too seldom: " + views);
  }
}

package io.tallystick.bft.engine;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Many random runs; a failure names its seed, and {@code -Dseed=N} runs that one alone. */
class RandomRunTest {
  private static final int RUNS = 200;

  @Test
  @DisplayName(
      "S22 S55 S6 S14 loss, duplicates, reordering and crashes break nothing, and all completes")
  void keepsEveryPropertyUnderRandomFaults() {
    long only = Long.getLong("seed", -1);
    for (long seed = only < 0 ? 0 : only; seed < (only < 0 ? RUNS : only + 1); seed++) {
      try {
        new RandomRun(seed).run();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }
}

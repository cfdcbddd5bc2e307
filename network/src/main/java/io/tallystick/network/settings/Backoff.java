package io.tallystick.network.settings;

import java.util.random.RandomGenerator;

/**
 * How long to wait before dialling again: doubles with each failure, with jitter, up to a cap.
 *
 * @param firstMillis after the first failure
 * @param millisMax at most
 */
public record Backoff(int firstMillis, int millisMax) {
  /** Quick at first, so that a restarted replica is back at once; then easy on the network. */
  public static final Backoff DEFAULTS = new Backoff(50, 2_000);

  /** Refuses what would dial in a loop, or shrink. */
  public Backoff {
    Bounds.atLeast("firstMillis", firstMillis, 1);
    Bounds.atLeast("millisMax", millisMax, firstMillis);
  }

  /** Half to the whole of what is due after {@code failures} in a row, counted from 1. */
  public long delayMillis(int failures, RandomGenerator random) {
    long whole = Math.min(millisMax, (long) firstMillis << Math.min(20, failures - 1));
    return whole / 2 + random.nextLong(whole - whole / 2 + 1);
  }
}

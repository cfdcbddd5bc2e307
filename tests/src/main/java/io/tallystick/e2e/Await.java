package io.tallystick.e2e;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Waits for what another process does: looks again and again, until a stated time is over. */
final class Await {
  private static final long PERIOD_MILLIS = 20;

  private Await() {}

  /**
   * Waits until something holds.
   *
   * @param what completes the sentence "waited in vain for …"
   * @throws AssertionError when it doesn't in time; a failure to look counts as "not yet", and the
   *     last one is shown
   */
  static void until(String what, Duration limit, Callable<Boolean> holds) {
    value(what, limit, () -> holds.call() ? Optional.of(true) : Optional.empty());
  }

  /** The same, for something that is there when it is; {@code now} is shown when it never is. */
  static void until(String what, Duration limit, Callable<Boolean> holds, Supplier<String> now) {
    try {
      until(what, limit, holds);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\nat the end: " + now.get(), e);
    }
  }

  /** Waits until there is a value, and answers it. */
  static <T> T value(String what, Duration limit, Callable<Optional<T>> look) {
    long endNanos = System.nanoTime() + limit.toNanos();
    // Nobody ever counts it down: it is only waited on
    CountDownLatch never = new CountDownLatch(1);
    Exception last = null;
    while (true) {
      try {
        Optional<T> found = look.call();
        if (found.isPresent()) {
          return found.get();
        }
        last = null;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      } catch (Exception e) {
        last = e;
      }
      if (System.nanoTime() - endNanos >= 0) {
        throw new AssertionError("waited " + limit.toMillis() + " ms in vain for " + what, last);
      }
      try {
        boolean counted = never.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS);
        if (counted) {
          throw new AssertionError("a latch that nobody counts down");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting for " + what, e);
      }
    }
  }
}

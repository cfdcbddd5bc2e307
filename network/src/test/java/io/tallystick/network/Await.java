package io.tallystick.network;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Waits until something holds; fails when it doesn't within a minute. Looks again whenever one of
 * the tests' recorders, or a meter, says that it changed: it neither sleeps nor spins.
 */
final class Await {
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(60);
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition CHANGED = LOCK.newCondition();
  private static long changes;

  private Await() {}

  /** Something that a test may wait for has changed. */
  static void changed() {
    LOCK.lock();
    try {
      changes++;
      CHANGED.signalAll();
    } finally {
      LOCK.unlock();
    }
  }

  static void until(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + NANOS_MAX;
    long seen = current();
    while (!holds.getAsBoolean()) {
      if (!changedSince(seen, end)) {
        fail("did not happen within 60 s: " + what);
      }
      seen = current();
    }
  }

  private static long current() {
    LOCK.lock();
    try {
      return changes;
    } finally {
      LOCK.unlock();
    }
  }

  private static boolean changedSince(long seen, long end) {
    LOCK.lock();
    try {
      while (changes == seen) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        long _ = CHANGED.awaitNanos(left);
      }
      return System.nanoTime() - end < 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      LOCK.unlock();
    }
  }
}

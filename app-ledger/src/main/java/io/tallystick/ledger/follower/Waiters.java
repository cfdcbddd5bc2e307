package io.tallystick.ledger.follower;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Those who wait until the copy covers an entry: a bounded number. For any thread. */
final class Waiters {
  /** More don't wait, and are told at once that it isn't covered. */
  static final int WAITERS_MAX = 65_536;

  private final List<Waiter> waiting = new ArrayList<>();

  private record Waiter(long size, CompletableFuture<Boolean> covered) {}

  /** One more; completes with false after so long. */
  synchronized CompletableFuture<Boolean> add(long size, long millis) {
    if (waiting.size() >= WAITERS_MAX) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> covered = new CompletableFuture<>();
    waiting.add(new Waiter(size, covered));
    return covered.completeOnTimeout(false, millis, TimeUnit.MILLISECONDS);
  }

  /** Whether anybody waits still; forgets those who gave up. */
  synchronized boolean any() {
    waiting.removeIf(waiter -> waiter.covered.isDone());
    return !waiting.isEmpty();
  }

  /** Tells those whose entry is covered, on other threads than the caller's. */
  void covered(long size) {
    List<Waiter> told = new ArrayList<>();
    synchronized (this) {
      waiting.removeIf(
          waiter -> {
            boolean covered = waiter.size <= size;
            if (covered) {
              told.add(waiter);
            }
            return covered;
          });
    }
    told.forEach(waiter -> waiter.covered.completeAsync(() -> true));
  }

  /** Nothing more will be covered. */
  void end() {
    List<Waiter> told;
    synchronized (this) {
      told = List.copyOf(waiting);
      waiting.clear();
    }
    told.forEach(waiter -> waiter.covered.completeAsync(() -> false));
  }
}

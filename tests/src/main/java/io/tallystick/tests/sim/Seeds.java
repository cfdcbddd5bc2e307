package io.tallystick.tests.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Runs many seeds, on as many threads as there are processors; one seed is on one thread. */
public final class Seeds {
  private Seeds() {}

  /**
   * Runs them all, or with {@code stop} until one fails; {@code results} is told of each, one at a
   * time, in any order.
   */
  public static void run(Plan plan, long from, long count, Consumer<Result> results, boolean stop)
      throws InterruptedException {
    // Here, because threads that load a JDK's loggers and key classes at once may block each other.
    for (int choice = 0; choice < Setting.CHOICES; choice++) {
      Setting.of(plan.n(), choice);
    }
    AtomicLong next = new AtomicLong(from);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new ArrayList<>();
    int parallel = (int) Math.min(count, Runtime.getRuntime().availableProcessors());
    for (int i = 0; i < parallel; i++) {
      threads.add(
          Thread.ofPlatform()
              .name("sim-" + i)
              .start(
                  () -> {
                    try {
                      work(plan, next, from + count, results, stop);
                    } catch (RuntimeException | Error e) {
                      synchronized (failures) {
                        failures.add(e);
                      }
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    if (!failures.isEmpty()) {
      throw new IllegalStateException("a run failed by itself", failures.getFirst());
    }
  }

  private static void work(
      Plan plan, AtomicLong next, long end, Consumer<Result> results, boolean stop) {
    for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
      Result result;
      try {
        result = World.run(plan, seed);
      } catch (RuntimeException e) {
        throw new IllegalStateException("seed " + seed, e);
      }
      synchronized (results) {
        results.accept(result);
        if (stop && result.violation() != null) {
          next.set(end);
        }
      }
    }
  }
}

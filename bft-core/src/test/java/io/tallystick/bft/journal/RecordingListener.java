package io.tallystick.bft.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps what a journal says, and waits for it. Safe on any thread. */
final class RecordingListener implements Journal.Listener {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<Long> durable = new ArrayList<>();
  private final List<Integer> groups = new ArrayList<>();
  private final List<Boolean> space = new ArrayList<>();
  private @Nullable IOException failure;

  @Override
  public synchronized void durable(long upTo) {
    durable.add(upTo);
    notifyAll();
  }

  @Override
  public synchronized void space(boolean available) {
    space.add(available);
    notifyAll();
  }

  @Override
  public synchronized void failed(IOException cause) {
    failure = cause;
    notifyAll();
  }

  @Override
  public synchronized void synced(long nanos, int records) {
    groups.add(records);
    notifyAll();
  }

  synchronized List<Long> durable() {
    return List.copyOf(durable);
  }

  /** Records of each group so far. */
  synchronized List<Integer> groups() {
    return List.copyOf(groups);
  }

  void awaitDurable(long upTo) {
    await(() -> !durable.isEmpty() && durable.getLast() >= upTo);
    assertEquals(upTo, durable().getLast());
  }

  void awaitSpace(boolean available) {
    await(() -> !space.isEmpty() && space.getLast() == available);
  }

  void awaitGroups(int count) {
    await(() -> groups.size() >= count);
  }

  synchronized IOException awaitFailure() {
    await(() -> failure != null);
    return java.util.Objects.requireNonNull(failure);
  }

  private synchronized void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "waited in vain: durable " + durable + ", space " + space + ", failure " + failure);
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}

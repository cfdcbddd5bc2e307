package io.tallystick.network.session;

import java.util.concurrent.atomic.AtomicLong;

/** What one session holds of a {@link ByteBudget}. Any thread. */
final class HeldBytes {
  private final ByteBudget budget;
  private final AtomicLong own = new AtomicLong();

  HeldBytes(ByteBudget budget) {
    this.budget = budget;
  }

  boolean take(long bytes) {
    if (budget.take(own.addAndGet(bytes), bytes)) {
      return true;
    }
    own.addAndGet(-bytes);
    return false;
  }

  void give(long bytes) {
    own.addAndGet(-bytes);
    budget.give(bytes);
  }
}

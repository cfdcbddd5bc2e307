package io.tallystick.network.session;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that many sessions may hold together. While they are within it, each may hold what its own
 * settings allow; beyond it, each may hold its even share. So all together hold at most twice the
 * budget, and who holds little is never refused for what others hold. Any thread.
 */
public final class ByteBudget {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();
  private final AtomicInteger sessions = new AtomicInteger();

  public ByteBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** One without a limit, for sessions whose number and own settings bound them. */
  public static ByteBudget unlimited() {
    return new ByteBudget(Long.MAX_VALUE);
  }

  /** All that is held now. */
  public long held() {
    return held.get();
  }

  void join() {
    sessions.incrementAndGet();
  }

  void leave() {
    sessions.decrementAndGet();
  }

  /**
   * Takes {@code more} for a session that holds {@code own} with it; false, and nothing is taken.
   */
  boolean take(long own, long more) {
    long total = held.addAndGet(more);
    if (total <= bytesMax || own <= bytesMax / Math.max(1, sessions.get())) {
      return true;
    }
    held.addAndGet(-more);
    return false;
  }

  void give(long bytes) {
    held.addAndGet(-bytes);
  }
}

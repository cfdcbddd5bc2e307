package io.tallystick.bft.engine.transfer;

/**
 * Bytes that may be spent per second, with at most one second's worth saved up. What is spent at
 * once may exceed what is left; the debt is waited off.
 */
final class ByteBudget {
  private final long perSecond;
  private long left;
  private long refilledTicks;

  ByteBudget(long perSecond) {
    this.perSecond = perSecond;
    this.left = perSecond;
  }

  /** Spends, unless nothing is left; returns whether it did. */
  boolean spend(long bytes, long ticks) {
    long passed = Math.min(1_000, Math.max(0, ticks - refilledTicks));
    refilledTicks = ticks;
    left = Math.min(perSecond, left + perSecond * passed / 1_000);
    if (left <= 0) {
      return false;
    }
    left -= bytes;
    return true;
  }
}

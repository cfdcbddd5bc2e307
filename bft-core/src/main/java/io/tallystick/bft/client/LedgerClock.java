package io.tallystick.bft.client;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * What a client believes of ledger time: the (f+1)-th largest that replicas told. At least one
 * correct replica has come that far, whatever f liars say, so it is never ahead of the truth.
 */
final class LedgerClock {
  private static final long NEVER = Long.MIN_VALUE;

  private final int f;
  private final long[] toldMicros;
  private long micros = NEVER;
  private long atTicks;

  LedgerClock(int n, int f) {
    this.f = f;
    this.toldMicros = new long[n];
    Arrays.fill(toldMicros, NEVER);
  }

  /** A replica said that it executed a batch of this ledger time; older news is ignored. */
  void told(int replica, long timeMicros, long ticks) {
    if (timeMicros < 0 || timeMicros <= toldMicros[replica]) {
      return;
    }
    toldMicros[replica] = timeMicros;
    long[] sorted = toldMicros.clone();
    Arrays.sort(sorted);
    long believed = sorted[sorted.length - 1 - f];
    if (believed > micros) {
      micros = believed;
      atTicks = ticks;
    }
  }

  /** The (f+1)-th largest time told; empty until f+1 replicas told one. */
  OptionalLong micros() {
    return micros == NEVER ? OptionalLong.empty() : OptionalLong.of(micros);
  }

  /**
   * Where ledger time is by now if it kept pace with the ticks since it was told. Good for setting
   * deadlines and for knowing when to ask; never proof that a deadline has passed.
   */
  OptionalLong extrapolatedMicros(long ticks) {
    return micros == NEVER
        ? OptionalLong.empty()
        : OptionalLong.of(micros + Math.max(0, ticks - atTicks) * 1_000);
  }
}

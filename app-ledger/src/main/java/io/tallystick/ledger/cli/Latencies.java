package io.tallystick.ledger.cli;

import java.util.Arrays;

/** Latencies of one measurement, exact; bounded in number. Safe on several threads. */
final class Latencies {
  /** Most that are kept; further ones are counted only. */
  static final int KEPT_MAX = 20_000_000;

  private long[] nanos = new long[1 << 16];
  private int kept;
  private long count;

  synchronized void add(long latencyNanos) {
    count++;
    if (kept == KEPT_MAX) {
      return;
    }
    if (kept == nanos.length) {
      nanos = Arrays.copyOf(nanos, Math.min(KEPT_MAX, 2 * kept));
    }
    nanos[kept++] = latencyNanos;
  }

  synchronized long count() {
    return count;
  }

  /** The latency that this share of all stayed within, in milliseconds; 0 when there are none. */
  synchronized double millis(double share) {
    if (kept == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, kept);
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(share * kept) - 1;
    return sorted[Math.clamp(rank, 0, kept - 1)] / 1e6;
  }
}

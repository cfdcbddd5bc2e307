package io.tallystick.bft.client;

/**
 * Intervals that double up to a limit, each made up to a quarter shorter or longer, so that clients
 * which failed together don't return together. The jitter follows from the seed alone.
 */
final class Pace {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  Pace(long seed) {
    this.state = seed;
  }

  /** The interval after {@code attempt} earlier ones (from 0), in milliseconds; at least 1. */
  long millis(long base, long max, int attempt) {
    long doubled = attempt >= 32 ? max : Math.min(max, base << attempt);
    return jittered(doubled);
  }

  /** Three to five quarters of {@code millis}; at least 1. */
  long jittered(long millis) {
    long span = Math.max(1, millis / 2);
    return Math.max(1, millis - span / 2 + Long.remainderUnsigned(next(), span));
  }

  /** SplitMix64 (Steele, Lea, Flood 2014). */
  private long next() {
    state += GOLDEN;
    long z = state;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}

package io.tallystick.tests.sim;

/**
 * A stream of random numbers (SplitMix64): everything that a run leaves to chance comes from one of
 * these. What is unrelated draws from streams of its own, so that leaving out one fault changes
 * nothing else. For one thread.
 */
public final class Dice {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private long state;

  /** The stream of a seed. */
  public Dice(long seed) {
    state = mix(seed + GOLDEN);
  }

  /** The stream of a seed that goes by a name. */
  public Dice(long seed, String name) {
    this(seed ^ mix(name.chars().asLongStream().reduce(7, (h, c) -> h * 31 + c)));
  }

  /** 64 bits, scrambled. */
  public static long mix(long bits) {
    long z = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The next 64 bits. */
  public long next() {
    state += GOLDEN;
    return mix(state);
  }

  /** From 0 to {@code bound} − 1. */
  public int below(int bound) {
    return (int) ((next() >>> 32) * bound >>> 32);
  }

  /** From {@code low} to {@code high}, both included. */
  public long between(long low, long high) {
    return low + Long.remainderUnsigned(next(), high - low + 1);
  }

  /** True so many times in ten thousand. */
  public boolean chance(int inTenThousand) {
    return inTenThousand > 0 && below(10_000) < inTenThousand;
  }

  /** One of these. */
  @SafeVarargs
  public final <T> T of(T... values) {
    return values[below(values.length)];
  }

  /** One of these. */
  public int of(int[] values) {
    return values[below(values.length)];
  }

  /** Mostly around {@code mean}, seldom eight times as long: what queues and networks do. */
  public long around(long mean) {
    long drawn = mean / 2 + Long.remainderUnsigned(next(), mean + 1);
    return below(50) == 0 ? 8 * drawn : drawn;
  }
}

package io.tallystick.bft.verify;

/**
 * A value that passed every check: its layout is sane, its ids are known, its digests match, its
 * signatures hold. Only this package can make one, so unverified input can't enter the engine.
 */
public final class Verified<T> {
  private final T value;

  Verified(T value) {
    this.value = value;
  }

  /** What was verified. */
  public T value() {
    return value;
  }

  @Override
  public String toString() {
    return "Verified[" + value + "]";
  }
}

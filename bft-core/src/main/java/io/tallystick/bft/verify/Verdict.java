package io.tallystick.bft.verify;

/** What the verifier says of a value: it passed every check, or it failed one. */
public sealed interface Verdict<T> {
  /** It passed. */
  record Passed<T>(Verified<T> verified) implements Verdict<T> {}

  /** It failed, for the reason given first. */
  record Failed<T>(Failure failure) implements Verdict<T> {}

  /** Whether it passed. */
  default boolean passed() {
    return this instanceof Passed;
  }

  /**
   * The verified value, where failing would mean that we are wrong ourselves.
   *
   * @throws IllegalStateException when it failed
   */
  default Verified<T> orThrow() {
    return switch (this) {
      case Passed<T>(var verified) -> verified;
      case Failed<T>(var failure) -> throw new IllegalStateException(failure.toString());
    };
  }
}

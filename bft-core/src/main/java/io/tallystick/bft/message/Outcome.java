package io.tallystick.bft.message;

/**
 * The outcome of one request.
 *
 * @param index where it took effect; 0 unless committed
 * @param reason what a person is told; empty unless refused, at most 255 bytes of UTF-8
 */
public record Outcome(OutcomeKind kind, long index, String reason) {
  /** Took effect at {@code index}. */
  public static Outcome committed(long index) {
    return new Outcome(OutcomeKind.COMMITTED, index, "");
  }

  /** Ended without an index and without a reason to tell. */
  public static Outcome of(OutcomeKind kind) {
    return new Outcome(kind, 0, "");
  }

  /** Refused for a reason. */
  public static Outcome refused(OutcomeKind kind, String reason) {
    return new Outcome(kind, 0, reason);
  }
}

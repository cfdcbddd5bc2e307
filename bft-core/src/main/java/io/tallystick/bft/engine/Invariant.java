package io.tallystick.bft.engine;

/** Checks of our own logic: always on, each O(1), without an allocation while they hold. */
public final class Invariant {
  private Invariant() {}

  /**
   * Holds, or the replica stops.
   *
   * @throws InvariantViolation when {@code holds} is false
   */
  public static void check(Property property, boolean holds, String expected) {
    if (!holds) {
      throw new InvariantViolation(property, expected);
    }
  }

  /**
   * Holds, or the replica stops and names the number that is wrong.
   *
   * @throws InvariantViolation when {@code holds} is false
   */
  public static void check(Property property, boolean holds, String expected, long actual) {
    if (!holds) {
      throw new InvariantViolation(property, expected + " (actual: " + actual + ")");
    }
  }

  /**
   * Holds, or the replica stops and names both values.
   *
   * @throws InvariantViolation when {@code holds} is false
   */
  public static void check(
      Property property, boolean holds, String expected, Object first, Object second) {
    if (!holds) {
      throw new InvariantViolation(property, expected + ": " + first + ", " + second);
    }
  }
}

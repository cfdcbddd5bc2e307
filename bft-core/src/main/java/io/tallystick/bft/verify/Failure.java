package io.tallystick.bft.verify;

/**
 * What a check found wrong.
 *
 * @param detail what was there and what would be right, for a person
 */
public record Failure(Fault fault, String detail) {
  @Override
  public String toString() {
    return fault + ": " + detail;
  }
}

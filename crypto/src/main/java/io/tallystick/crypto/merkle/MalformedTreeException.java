package io.tallystick.crypto.merkle;

/** A proof, tile, path or entry bundle that isn't what its format says. */
public final class MalformedTreeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Reads {@code what: found (expected: expected)}.
   *
   * @param what which part of the input
   * @param found what was there
   * @param expected what would have been right
   */
  public MalformedTreeException(String what, Object found, String expected) {
    super(what + ": " + found + " (expected: " + expected + ")");
  }
}

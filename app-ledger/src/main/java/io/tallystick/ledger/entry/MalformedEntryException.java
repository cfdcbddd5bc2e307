package io.tallystick.ledger.entry;

/** Bytes or values that are no entry of a ledger. */
public final class MalformedEntryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Reads {@code what: found (expected: expected)}.
   *
   * @param what which part of the input
   * @param found what was there
   * @param expected what would have been right
   */
  public MalformedEntryException(String what, Object found, String expected) {
    super(what + ": " + found + " (expected: " + expected + ")");
  }
}

package io.tallystick.ledger.receipt;

/** Whether a receipt proves what it says. */
public sealed interface ReceiptVerdict {

  /**
   * The entry is at its index in a tree that a quorum signed.
   *
   * @param size of that tree
   * @param timeSeconds at least one correct replica vouches that the head isn't older: POSIX
   *     seconds
   */
  record Holds(long size, long timeSeconds) implements ReceiptVerdict {}

  /** It proves nothing; {@code why} says what is wrong. */
  record Refused(String why) implements ReceiptVerdict {}
}

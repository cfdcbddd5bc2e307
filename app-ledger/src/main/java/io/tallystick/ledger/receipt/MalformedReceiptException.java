package io.tallystick.ledger.receipt;

/** Text that is no receipt, or whose parts contradict each other. */
public final class MalformedReceiptException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which member, what was there, and what would be right. */
  public MalformedReceiptException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Says which member, what was there, and what would be right. */
  public MalformedReceiptException(String message) {
    super(message);
  }
}

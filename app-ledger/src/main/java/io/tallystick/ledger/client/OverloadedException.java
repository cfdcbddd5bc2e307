package io.tallystick.ledger.client;

/** The request was not sent, since too much waits already, or the cluster isn't reachable. */
public final class OverloadedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long retryMillis;

  /** Says what is over which bound, and when it is worth another try. */
  public OverloadedException(String message, long retryMillis) {
    super(message, null, false, false);
    this.retryMillis = retryMillis;
  }

  /** How long to wait before another try, in milliseconds. */
  public long retryMillis() {
    return retryMillis;
  }
}

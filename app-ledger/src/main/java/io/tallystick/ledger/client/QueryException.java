package io.tallystick.ledger.client;

/** A replica didn't answer a question in time, or can't be reached. */
public final class QueryException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which replica, and what happened. */
  public QueryException(String message) {
    super(message, null, false, false);
  }
}

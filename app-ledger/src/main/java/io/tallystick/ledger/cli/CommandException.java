package io.tallystick.ledger.cli;

/** A failure that was expected to be possible: a message for a person, and an exit status. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * @param status one of {@link ExitStatus}
   * @param message what, where, and what would be right
   */
  public CommandException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** Likewise, because of {@code cause}. */
  public CommandException(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** The exit status it leads to. */
  public int status() {
    return status;
  }
}

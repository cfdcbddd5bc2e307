package io.tallystick.ledger.cli;

/** What the process's exit status says (design 15). */
public final class ExitStatus {
  /** Done. */
  public static final int DONE = 0;

  /** Failed. */
  public static final int FAILED = 1;

  /** Usage or configuration. */
  public static final int USAGE = 2;

  /** The outcome is unknown. */
  public static final int UNKNOWN = 3;

  /** Verification failed. */
  public static final int NOT_VERIFIED = 4;

  /** A person must look. */
  public static final int PERSON_NEEDED = 5;

  private ExitStatus() {}
}

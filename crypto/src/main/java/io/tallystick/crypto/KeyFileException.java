package io.tallystick.crypto;

/** A key file that can't be read, must not be used as it is, or doesn't hold a key. */
public final class KeyFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which file, what is wrong with it, and what would be right. */
  public KeyFileException(String message) {
    super(message);
  }

  /** Says which file and what failed. */
  public KeyFileException(String message, Throwable cause) {
    super(message, cause);
  }
}

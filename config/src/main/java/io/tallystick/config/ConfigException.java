package io.tallystick.config;

/**
 * Configuration that can't be used. The message, alone, tells a person what to do: file, line, what
 * is wrong, what would be right. The process ends with status 2.
 */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message as a person gets it. */
  public ConfigException(String message) {
    super(message);
  }

  /** A place in a file, and what is wrong there; line 0 leaves the line out. */
  public ConfigException(Object file, int line, String problem) {
    super(file + (line > 0 ? ":" + line : "") + ": " + problem);
  }

  /** What is wrong with a JSON file. */
  public ConfigException(Object file, JsonException cause) {
    super(
        file
            + ":"
            + cause.line()
            + ": "
            + (cause.path().isEmpty() ? "" : cause.path() + ": ")
            + cause.problem()
            + ", at offset "
            + cause.offset(),
        cause);
  }
}

package io.tallystick.config;

/** JSON that isn't what it must be; the message says where, what is wrong, and what is right. */
public final class JsonException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String path;
  private final String problem;
  private final int line;
  private final int offset;

  JsonException(String path, int line, int offset, String problem) {
    super(place(path, line, offset) + ": " + problem);
    this.path = path;
    this.line = line;
    this.offset = offset;
    this.problem = problem;
  }

  private static String place(String path, int line, int offset) {
    String where = "line " + line + ", offset " + offset;
    return path.isEmpty() ? where : where + ", " + path;
  }

  /** Which value, as {@code replicas[2].id}; empty for the document itself. */
  public String path() {
    return path;
  }

  /** Line, from 1. */
  public int line() {
    return line;
  }

  /** Byte offset, from 0. */
  public int offset() {
    return offset;
  }

  /** What is wrong and what would be right, without the place. */
  public String problem() {
    return problem;
  }
}

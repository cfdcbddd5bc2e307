package io.tallystick.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One {@code tally} command as a process of its own. What it prints goes to files, so that it is
 * never blocked by a pipe that nobody reads.
 */
final class Running {
  private final Process process;
  private final List<String> arguments;
  private final Path out;
  private final Path err;

  Running(Process process, List<String> arguments, Path out, Path err) {
    this.process = process;
    this.arguments = List.copyOf(arguments);
    this.out = out;
    this.err = err;
  }

  Process process() {
    return process;
  }

  /** What it has printed on standard output. */
  String out() {
    return text(out);
  }

  /** What it has printed on standard error. */
  String err() {
    return text(err);
  }

  /** The last line of standard output that isn't blank. */
  String lastLine() {
    return out().lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b);
  }

  /**
   * Waits for its end.
   *
   * @return its exit status
   * @throws AssertionError when it is still running after this long
   */
  int exit(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(this + " still runs after " + limit.toMillis() + " ms\n" + report());
    }
    return process.exitValue();
  }

  /** Waits for its end, which must be with this status. */
  Running expect(int status, Duration limit) throws InterruptedException {
    int found = exit(limit);
    if (found != status) {
      throw new AssertionError(
          this + ": exit status " + found + " (expected: " + status + ")\n" + report());
    }
    return this;
  }

  /** All that it printed, for a person who looks for a fault. */
  String report() {
    return "--- standard output of " + this + "\n" + out() + "\n--- standard error\n" + err();
  }

  @Override
  public String toString() {
    return "tally " + String.join(" ", arguments);
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(" + file + " can't be read: " + e + ")";
    }
  }
}

package io.tallystick.ledger.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A progress bar in one line of a terminal, with rate and time left; silent where standard error
 * isn't a terminal. Redrawn ten times a second at most. Safe to call from several threads.
 */
public final class Progress implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int BAR_WIDTH = 28;
  private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

  private final PrintWriter err;
  private final boolean terminal;
  private final String label;
  private final String unit;
  private final long startNanos = System.nanoTime();
  private long total;
  private long done;
  private long drawnNanos;
  private String note = "";

  /**
   * @param label what is under way
   * @param unit what is counted
   * @param total how many there are to be; 0: nobody knows
   */
  public Progress(PrintWriter err, String label, String unit, long total) {
    this(err, isTerminal(), label, unit, total);
  }

  Progress(PrintWriter err, boolean terminal, String label, String unit, long total) {
    this.err = err;
    this.terminal = terminal;
    this.label = label;
    this.unit = unit;
    this.total = total;
  }

  /** Whether standard error is a terminal that understands carriage returns. */
  public static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      // No such file system: not Linux
      return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
  }

  /** So many more are done. */
  public synchronized void add(long more) {
    at(done + more, total);
  }

  /** So many of so many are done. */
  public synchronized void at(long nowDone, long nowTotal) {
    done = nowDone;
    total = nowTotal;
    long now = System.nanoTime();
    if (terminal && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      draw(now - startNanos);
    }
  }

  /** Shows a few words behind the bar. */
  public synchronized void note(String words) {
    note = words;
    if (terminal) {
      draw(System.nanoTime() - startNanos);
    }
  }

  /** Removes the bar. */
  @Override
  public synchronized void close() {
    if (terminal) {
      err.print("\r\033[K");
      err.flush();
    }
  }

  private void draw(long elapsedNanos) {
    err.print("\r" + line(label, done, total, elapsedNanos, unit) + note + "\033[K");
    err.flush();
  }

  /** The line that stands for this state. */
  static String line(String label, long done, long total, long elapsedNanos, String unit) {
    double seconds = Math.max(elapsedNanos, 1) / 1e9;
    double rate = done / seconds;
    String rateText = seconds < 0.2 ? "" : String.format(Locale.ROOT, "  %,.0f %s/s", rate, unit);
    if (total <= 0) {
      return String.format(Locale.ROOT, "%s  %,d %s%s  ", label, done, unit, rateText);
    }
    double share = Math.clamp((double) done / total, 0, 1);
    String left =
        rate <= 0 || done >= total ? "" : "  " + clock((long) ((total - done) / rate)) + " left";
    return String.format(
        Locale.ROOT,
        "%s  %s %3d%%  %,d/%,d%s%s  ",
        label,
        bar(share),
        (int) (share * 100),
        done,
        total,
        rateText,
        left);
  }

  private static String bar(double share) {
    int eighths = (int) Math.round(share * BAR_WIDTH * 8);
    StringBuilder bar = new StringBuilder("▕").append("█".repeat(eighths / 8));
    if (eighths % 8 != 0) {
      bar.append(EIGHTHS.charAt(eighths % 8));
    }
    return bar.append(" ".repeat(BAR_WIDTH - (eighths + 7) / 8)).append('▏').toString();
  }

  private static String clock(long seconds) {
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}

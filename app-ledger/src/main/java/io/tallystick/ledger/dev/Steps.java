package io.tallystick.ledger.dev;

import io.tallystick.ledger.cli.Progress;
import io.tallystick.ledger.cli.Table;
import java.io.PrintWriter;
import java.util.Locale;

/** What a demonstration does, step by step, with how long each took; ends with a table. */
final class Steps {
  private final PrintWriter out;
  private final boolean terminal = Progress.isTerminal();
  private final Table table = new Table("step", "result", "time");
  private final long startNanos = System.nanoTime();

  Steps(PrintWriter out) {
    this.out = out;
  }

  /** Does something, and says what came of it. */
  interface Work {
    /** Answers the result in a few words. */
    String run() throws Exception;
  }

  /** Runs one step; whatever it throws ends the demonstration. */
  void step(String title, Work work) throws Exception {
    long stepNanos = System.nanoTime();
    if (terminal) {
      out.print("  … " + title);
      out.flush();
    }
    String result = work.run();
    String time = seconds(stepNanos);
    out.printf(
        Locale.ROOT,
        "%s  %s %-34s %s  %s%n",
        terminal ? "\r\033[K" : "",
        terminal ? "\033[32m✓\033[0m" : "-",
        title,
        result,
        time);
    out.flush();
    table.row(title, result, time);
  }

  /** The table of all steps. */
  void summary() {
    table.row("all of it", "", seconds(startNanos));
    table.print(out);
    out.flush();
  }

  private static String seconds(long sinceNanos) {
    return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - sinceNanos) / 1e9);
  }
}

package io.tallystick.tests.sim;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Adds up runs, and tells of those that failed. */
public final class Tally {
  private final Plan plan;
  private final int toldMax;
  private final PrintStream out;
  private final long began = System.nanoTime();
  private final List<Long> failed = new ArrayList<>();
  private long seeds;
  private long micros;
  private long commits;
  private long views;
  private long faults;
  private long steps;
  private long trace;

  /** Tells of at most so many failures. */
  public Tally(Plan plan, int toldMax, PrintStream out) {
    this.plan = plan;
    this.toldMax = toldMax;
    this.out = out;
  }

  /** One more. */
  public void add(Result result) {
    seeds++;
    micros += result.micros();
    commits += result.commits();
    views += result.views();
    faults += result.faults();
    steps += result.steps();
    trace += Print.of(result.seed(), result.trace()); // a sum: whichever ends first
    Violation violation = result.violation();
    if (violation != null) {
      failed.add(result.seed());
      if (failed.size() <= toldMax) {
        out.println("seed " + result.seed() + " " + violation.getMessage());
        out.println("  " + replay(plan, result.seed()));
      }
    }
  }

  /** The command that runs a seed again. */
  static String replay(Plan plan, long seed) {
    StringBuilder text = new StringBuilder("tests/run sim --seeds 1 --from " + seed);
    text.append(" --n ").append(plan.n());
    if (plan.minutes() != 1) {
      text.append(" --minutes ").append(plan.minutes());
    }
    if (plan.liars() >= 0) {
      text.append(" --liars ").append(plan.liars() > (plan.n() - 1) / 3 ? "f+1" : plan.liars());
    }
    if (plan.kinds().size() != FaultKind.values().length) {
      String kinds = plan.kinds().stream().map(FaultKind::label).collect(Collectors.joining(","));
      text.append(" --faults ").append(kinds.isEmpty() ? "none" : kinds);
    }
    if (!plan.only().isEmpty()) {
      String only =
          plan.only().stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
      text.append(" --events ").append(only);
    }
    return text.append(" --shrink").toString();
  }

  /** Seeds of which something was found. */
  public List<Long> failed() {
    return failed;
  }

  /** Hash of all runs' traces, in whatever order they ended. */
  public long trace() {
    return trace;
  }

  /** Batches committed. */
  public long commits() {
    return commits;
  }

  /** The last line. */
  public String line() {
    double seconds = (System.nanoTime() - began) / 1e9;
    return String.format(
        Locale.ROOT,
        "seeds=%d hours=%.1f commits=%d view_changes=%d faults=%d steps_per_second=%.0f"
            + " violations=%d",
        seeds,
        micros / 3.6e9,
        commits,
        views,
        faults,
        steps / seconds,
        failed.size());
  }

  /** How much faster than real time, over all processors. */
  public double speed() {
    return micros * 1e3 / (System.nanoTime() - began);
  }
}

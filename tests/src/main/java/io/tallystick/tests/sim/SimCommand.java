package io.tallystick.tests.sim;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import java.io.PrintStream;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;

/** {@code tests/run sim}: runs seeds, each a minute of faults and then a phase without. */
public final class SimCommand implements Instrument {
  private static final Set<Integer> SIZES = Set.of(4, 5, 6, 7, 10, 13);
  private static final int TOLD_MAX = 10;

  @Override
  public String name() {
    return "sim";
  }

  @Override
  public String usage() {
    return "sim [--seeds N] [--from S] [--n 4|5|6|7|10|13] [--minutes M] [--liars K|f+1] [--faults"
        + " KIND,…|none] [--events I,…] [--shrink] [--stop]: simulates clusters, a seed"
        + " each";
  }

  @Override
  public int run(Arguments arguments, PrintStream out) throws Exception {
    long seeds = arguments.number("--seeds", 100, 1);
    long from = arguments.number("--from", 1, 0);
    int n = (int) arguments.number("--n", 4, 4);
    if (!SIZES.contains(n)) {
      throw new UsageException("--n: " + n + " (expected: 4, 5, 6, 7, 10 or 13)");
    }
    int minutes = (int) arguments.number("--minutes", 1, 1);
    int liars = liars(arguments, n);
    Set<FaultKind> kinds = kinds(arguments);
    Set<Integer> only = new TreeSet<>();
    for (String word : arguments.text("--events").orElse("").split(",")) {
      if (!word.isEmpty()) {
        only.add(Integer.parseInt(word));
      }
    }
    boolean shrink = arguments.flag("--shrink");
    boolean stop = arguments.flag("--stop");
    arguments.end();
    Plan plan = new Plan(n, minutes, liars, kinds, only);
    Tally tally = new Tally(plan, TOLD_MAX, out);
    Seeds.run(plan, from, seeds, tally::add, stop);
    if (shrink) {
      for (long seed : tally.failed()) {
        Shrinker.shrink(plan, seed, out);
      }
    }
    out.println(tally.line());
    return tally.failed().isEmpty() ? ALL_WELL : VIOLATIONS;
  }

  private static int liars(Arguments arguments, int n) throws UsageException {
    String text = arguments.text("--liars").orElse("-1");
    int f = (n - 1) / 3;
    if (text.equals("f+1")) {
      return f + 1;
    }
    if (!text.equals("-1") && (!text.matches("[0-9]") || Integer.parseInt(text) > f + 1)) {
      throw new UsageException("--liars: " + text + " (expected: 0 to " + f + ", or f+1)");
    }
    return Integer.parseInt(text);
  }

  private static Set<FaultKind> kinds(Arguments arguments) throws UsageException {
    String text = arguments.text("--faults").orElse("all");
    if (text.equals("all")) {
      return EnumSet.allOf(FaultKind.class);
    }
    EnumSet<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
    if (!text.equals("none")) {
      for (String word : text.split(",")) {
        kinds.add(
            FaultKind.of(word)
                .orElseThrow(() -> new UsageException("--faults: " + word + " (no such kind)")));
      }
    }
    return kinds;
  }
}

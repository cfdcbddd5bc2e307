package io.tallystick.tests.sim;

import java.io.PrintStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Leaves out of a failing run whatever it fails without: kinds of faults, then single ones. */
final class Shrinker {
  private Shrinker() {}

  static void shrink(Plan plan, long seed, PrintStream out) {
    Result whole = World.run(plan, seed);
    Violation violation = whole.violation();
    if (violation == null) {
      out.println("seed " + seed + " doesn't fail by itself");
      return;
    }
    Plan small = events(kinds(plan, seed, violation), seed, violation);
    Result told = World.tell(small, seed);
    out.println("seed " + seed + " shrunk; the last steps, the faults, how everybody stands:");
    told.story().forEach(line -> out.println("  " + line));
    Violation last = told.violation();
    out.println("  " + (last == null ? violation : last).getMessage());
    out.println("  " + Tally.replay(small, seed));
  }

  private static boolean fails(Plan plan, long seed, Violation like) {
    Violation violation = World.run(plan, seed).violation();
    return violation != null && violation.property().equals(like.property());
  }

  private static Plan kinds(Plan plan, long seed, Violation like) {
    Plan small = plan;
    for (FaultKind kind : FaultKind.values()) {
      Set<FaultKind> fewer =
          small.kinds().isEmpty() ? EnumSet.noneOf(FaultKind.class) : EnumSet.copyOf(small.kinds());
      if (fewer.remove(kind) && fails(small.withKinds(fewer), seed, like)) {
        small = small.withKinds(fewer);
      }
    }
    return small;
  }

  private static Plan events(Plan plan, long seed, Violation like) {
    List<Integer> numbers = World.faults(plan, seed).stream().map(Fault::number).toList();
    Set<Integer> kept = new TreeSet<>(numbers);
    for (int chunk = Math.max(1, numbers.size() / 2); chunk >= 1; chunk /= 2) {
      for (int at = 0; at < numbers.size(); at += chunk) {
        Set<Integer> fewer = new TreeSet<>(kept);
        numbers.subList(at, Math.min(numbers.size(), at + chunk)).forEach(fewer::remove);
        boolean less = fewer.size() < kept.size() && !fewer.isEmpty();
        if (less && fails(plan.withOnly(fewer), seed, like)) {
          kept = fewer;
        }
      }
    }
    return kept.isEmpty() ? plan : plan.withOnly(kept);
  }
}

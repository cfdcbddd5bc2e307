package io.tallystick.tests.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One fault of a run.
 *
 * @param number its place in the run's list
 * @param atMicros when it begins, after the run's start
 * @param forMicros how long it lasts
 * @param node whom it concerns
 * @param extent how bad it is, 0 to 9,999; what that means depends on the kind
 */
record Fault(int number, FaultKind kind, long atMicros, long forMicros, int node, int extent) {

  /** The faults of a seed, in order; those of other kinds than {@code kinds} are left out. */
  static List<Fault> draw(Cluster cluster, Set<FaultKind> kinds, long untilMicros) {
    Dice dice = cluster.dice("faults");
    long between = dice.of(400_000L, 1_500_000L, 3_000_000L, 8_000_000L);
    EnumSet<FaultKind> mixed = mixed(dice);
    List<Fault> faults = new ArrayList<>();
    long at = 500_000;
    while (true) {
      at += dice.between(between / 4, 2 * between);
      if (at >= untilMicros) {
        return faults;
      }
      FaultKind kind = draw(dice);
      long length =
          dice.below(4) == 0
              ? dice.between(4_000_000, 15_000_000)
              : dice.between(20_000, 3_000_000);
      Fault fault =
          new Fault(
              faults.size(),
              kind,
              at,
              length,
              dice.below(cluster.setting().n()),
              dice.below(10_000));
      if (kinds.contains(kind) && mixed.contains(kind)) {
        faults.add(fault);
      }
    }
  }

  /** Swarms: most runs have a few kinds only, so that those meet often. */
  private static EnumSet<FaultKind> mixed(Dice dice) {
    EnumSet<FaultKind> mixed = EnumSet.noneOf(FaultKind.class);
    int share = dice.of(2_500, 5_000, 10_000);
    for (FaultKind kind : FaultKind.values()) {
      if (dice.chance(share)) {
        mixed.add(kind);
      }
    }
    return mixed;
  }

  private static FaultKind draw(Dice dice) {
    int total = 0;
    for (FaultKind kind : FaultKind.values()) {
      total += kind.weight();
    }
    int drawn = dice.below(total);
    for (FaultKind kind : FaultKind.values()) {
      drawn -= kind.weight();
      if (drawn < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("drawn: " + drawn);
  }

  @Override
  public String toString() {
    return "#%d at %.3f s %s r%d for %.3f s, extent %d"
        .formatted(number, atMicros / 1e6, kind.label(), node, forMicros / 1e6, extent);
  }
}

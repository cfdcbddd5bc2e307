package io.tallystick.tests.sim;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a run is to be.
 *
 * @param n replicas
 * @param minutes of faults, in virtual time
 * @param liars how many; −1: as many as the seed says, 0 to f
 * @param kinds the faults that may happen
 * @param only numbers of the faults that shall happen; empty: all
 */
public record Plan(int n, int minutes, int liars, Set<FaultKind> kinds, Set<Integer> only) {
  /** Copies the sets. */
  public Plan {
    kinds = kinds.isEmpty() ? EnumSet.noneOf(FaultKind.class) : EnumSet.copyOf(kinds);
    only = Set.copyOf(only);
  }

  /** One minute, everything may happen. */
  public static Plan of(int n) {
    return new Plan(n, 1, -1, EnumSet.allOf(FaultKind.class), Set.of());
  }

  /** With so many liars. */
  public Plan withLiars(int count) {
    return new Plan(n, minutes, count, kinds, only);
  }

  /** With these kinds of faults. */
  Plan withKinds(Set<FaultKind> some) {
    return new Plan(n, minutes, liars, some, only);
  }

  /** With these faults of them. */
  Plan withOnly(Set<Integer> some) {
    return new Plan(n, minutes, liars, kinds, some);
  }
}

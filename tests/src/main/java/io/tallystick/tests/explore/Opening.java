package io.tallystick.tests.explore;

import java.util.List;

/**
 * What may happen in one exploration, and how often.
 *
 * @param liar whether the replica at index 0, view 0's primary, is a liar
 * @param bundles submitted to everybody at the start
 * @param timeouts of view timers, together
 * @param crashes together
 * @param duplicates together
 * @param lies told by the liar, together
 * @param lazySync whether syncing a journal is a move of its own, so that crashes come before it
 * @param depth most moves
 */
record Opening(
    String name,
    boolean liar,
    int bundles,
    int timeouts,
    int crashes,
    int duplicates,
    int lies,
    boolean lazySync,
    int depth) {

  /** Those that {@code tests/run explore} goes through. */
  static List<Opening> all(int depth) {
    return List.of(
        new Opening("one bundle, duplicates", false, 1, 0, 0, 2, 0, false, depth),
        new Opening("a primary that equivocates", true, 1, 0, 0, 0, 8, false, depth),
        new Opening("timeouts", false, 1, 3, 0, 0, 0, false, depth),
        new Opening("a liar and timeouts", true, 1, 3, 0, 0, 6, false, depth),
        new Opening("crashes before syncs", false, 1, 2, 2, 0, 0, true, depth),
        new Opening("two bundles, all of it", true, 2, 3, 1, 1, 5, true, depth));
  }
}

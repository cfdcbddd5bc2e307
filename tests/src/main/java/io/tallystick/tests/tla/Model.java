package io.tallystick.tests.tla;

import java.util.ArrayList;
import java.util.List;

/**
 * A size at which the specification is checked, and the rule that is broken there, if any.
 *
 * @param broken the rule, as the specification names it; empty: none
 * @param liar the replica that lies; replica v is primary of view v
 * @param slots how many sequence numbers there are
 * @param views how many views there are, from 0
 * @param interval a checkpoint after each so many sequence numbers; 0: none
 * @param crashes how many crashes there are; none: votes are written and synced in one step
 */
record Model(String broken, int liar, int slots, int views, int interval, int crashes) {
  static final int REPLICAS = 4;

  private static final List<Model> BROKEN =
      List.of(
          new Model("unsynced-vote", 0, 1, 1, 0, 1),
          new Model("proposes-after-a-restart", 3, 1, 2, 0, 1),
          new Model("votes-in-a-view-it-left", 0, 1, 2, 0, 0),
          new Model("trusts-the-new-view", 1, 1, 2, 0, 0),
          new Model("lowest-checkpoint", 1, 1, 2, 1, 0),
          new Model("lowest-view", 3, 1, 3, 0, 0));

  /** With every change: one slot, and the broken copies. */
  static List<Model> small() {
    return with(List.of(correct(3, 1, 2, 1, 0), correct(1, 1, 2, 0, 0), correct(0, 1, 1, 0, 1)));
  }

  /** Every liar: three views of one slot, two views of two with checkpoints, and crashes. */
  static List<Model> medium() {
    List<Model> all = new ArrayList<>();
    for (int liar = 0; liar < REPLICAS; liar++) {
      all.add(correct(liar, 1, 3, 1, 0));
      all.add(correct(liar, 2, 2, 1, 0));
      all.add(correct(liar, 1, 2, 0, 1));
    }
    return with(all);
  }

  /** The size of a release: three views of two slots, whoever lies. */
  static List<Model> large() {
    List<Model> all = new ArrayList<>();
    for (int liar = 0; liar < REPLICAS; liar++) {
      all.add(correct(liar, 2, 3, 1, 0));
    }
    return with(all);
  }

  private static List<Model> with(List<Model> correct) {
    List<Model> all = new ArrayList<>(correct);
    all.addAll(BROKEN);
    return all;
  }

  private static Model correct(int liar, int slots, int views, int interval, int crashes) {
    return new Model("", liar, slots, views, interval, crashes);
  }

  boolean isBroken() {
    return !broken.isEmpty();
  }

  /** What the table calls it. */
  String title() {
    return isBroken() ? broken : "the protocol";
  }

  /** TLC's configuration. A broken rule has to show in what the ledger suffers, not in a side. */
  String configuration() {
    return """
    CONSTANTS
      N = 4
      Liars = {%d}
      Values = {a, b}
      Null = Null
      None = None
      LastSlot = %d
      LastView = %d
      Interval = %d
      Crashes = %d
      Staged = %s
      Broken = "%s"
    SPECIFICATION Spec
    INVARIANT %s
    VIEW Essence
    SYMMETRY Symmetry
    CHECK_DEADLOCK FALSE
    %s
    """
        .formatted(
            liar,
            slots,
            views - 1,
            interval,
            crashes,
            crashes > 0 ? "TRUE" : "FALSE",
            isBroken() ? broken : "nothing",
            isBroken() ? "Agreement" : "Safe",
            isBroken() ? "" : "PROPERTY NothingGoesBack");
  }
}

package io.tallystick.tests.sim;

import java.util.Locale;
import java.util.Optional;

/** What may go wrong in a run, apart from liars. */
enum FaultKind {
  /** A process is killed, and started again. */
  CRASH(26),
  /** A machine loses power: what wasn't synced is lost, or torn. */
  POWER(14),
  /** All machines lose power. */
  BLACKOUT(3),
  /** A process is stopped, and goes on. */
  PAUSE(8),
  /** Some replicas are cut off from the others. */
  PARTITION(8),
  /** One direction of a link, or of all links of one replica, is cut. */
  ONE_WAY(8),
  /** Nothing comes through a link for a while, then all at once. */
  CLOG(6),
  /** Messages get lost. */
  LOSS(8),
  /** Messages come twice. */
  DUPLICATE(6),
  /** Messages take long, and overtake one another. */
  DELAY(6),
  /** A wall clock jumps. */
  CLOCK(6),
  /** A disk takes long to sync. */
  SLOW_DISK(6),
  /** A disk is full. */
  FULL_DISK(4),
  /** A sync fails: the process stops. */
  FAILED_SYNC(3),
  /** A disk is lost. */
  WIPE(2),
  /** A bit of a journal rots, and is found at a restart. */
  ROT(2);

  private final int weight;

  FaultKind(int weight) {
    this.weight = weight;
  }

  /** How often it is drawn, against the others. */
  int weight() {
    return weight;
  }

  /** Its name in options and output. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<FaultKind> of(String label) {
    for (FaultKind kind : values()) {
      if (kind.label().equals(label)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

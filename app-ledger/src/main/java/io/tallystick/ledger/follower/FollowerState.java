package io.tallystick.ledger.follower;

/** What a follower is doing. */
public enum FollowerState {
  /** Follows published heads. */
  FOLLOWING,
  /** The disk failed or is full: tries again by itself, and serves what it has. */
  PAUSED,
  /**
   * A quorum signed what can't be: heads that contradict each other, or an entry against the rules.
   * More than f replicas are faulty. Serves what it has; a person must look.
   */
  HALTED,
  /** Was closed. */
  CLOSED
}

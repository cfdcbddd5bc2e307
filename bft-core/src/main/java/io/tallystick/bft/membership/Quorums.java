package io.tallystick.bft.membership;

/**
 * The arithmetic of faults and quorums. Two quorums of q = ⌈(n+f+1)/2⌉ share f+1 replicas, so at
 * least one correct one, for every n ≥ 3f+1; a bare 2f+1 does so for n = 3f+1 alone.
 */
public final class Quorums {
  /** Fewest replicas of a cluster: one may be faulty. */
  public static final int REPLICAS_MIN = 4;

  /** Most replicas of a cluster: a signed note carries 16 lines that everybody accepts. */
  public static final int REPLICAS_MAX = 13;

  private Quorums() {}

  /** How many of {@code n} replicas may be faulty: ⌊(n−1)/3⌋. */
  public static int faulty(int n) {
    return (n - 1) / 3;
  }

  /** How many of {@code n} replicas make a quorum: ⌈(n+f+1)/2⌉. */
  public static int quorum(int n) {
    return (n + faulty(n) + 2) / 2;
  }
}

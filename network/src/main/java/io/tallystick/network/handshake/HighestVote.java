package io.tallystick.network.handshake;

/**
 * The highest (epoch, view, sequence number) that a replica voted at, as it says itself. A replica
 * whose disk was lost or restored says less than its peers saw (design 10).
 */
public record HighestVote(long epoch, long view, long seq) {
  /** Has not voted yet. */
  public static final HighestVote NONE = new HighestVote(0, 0, 0);

  /** Refuses an epoch that the wire cannot carry. */
  public HighestVote {
    if (epoch >>> 32 != 0) {
      throw new IllegalArgumentException("epoch: " + epoch + " (expected: 0 to 4294967295)");
    }
  }
}

package io.tallystick.bft.host;

/**
 * What a host keeps and queues at most; at a limit, what came last is dropped and counted.
 *
 * @param laneEvents events waiting of one peer, or of all clients together
 * @param laneBytes and their encoded bytes
 * @param replies answers kept to be sent again
 * @param replyBytes and their bytes
 * @param reads reads waiting for the reading thread
 * @param archiveReads fetches of batches waiting
 * @param evidenceFiles files of evidence that are kept
 * @param segmentBytes length of a journal's segment
 * @param freeBytesMin voting stops while the disk has less
 */
public record HostLimits(
    int laneEvents,
    long laneBytes,
    int replies,
    long replyBytes,
    int reads,
    int archiveReads,
    int evidenceFiles,
    long segmentBytes,
    long freeBytesMin) {
  /** Refuses limits under which nothing would work. */
  public HostLimits {
    if (laneEvents < 1 || laneBytes < 1 || replies < 1 || replyBytes < 1 || reads < 1) {
      throw new IllegalArgumentException("a host limit: 0 (expected: > 0)");
    }
    if (archiveReads < 1 || evidenceFiles < 0) {
      throw new IllegalArgumentException("a host limit: 0 (expected: > 0)");
    }
  }

  /** The values of a new node. */
  public static HostLimits defaults() {
    return new HostLimits(4_096, 16 << 20, 16_384, 32 << 20, 1_024, 64, 1_000, 64 << 20, 256 << 20);
  }
}

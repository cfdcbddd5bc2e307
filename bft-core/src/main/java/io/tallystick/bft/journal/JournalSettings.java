package io.tallystick.bft.journal;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import java.nio.file.Path;

/**
 * Where a journal is and whose, and what it may cost.
 *
 * @param directory its own; made if it isn't there
 * @param cluster SHA-256 of genesis: a journal of another cluster is refused
 * @param replica whose: a journal of another replica is refused
 * @param segmentBytes length of a segment; two are preallocated at any time
 * @param freeBytesMin voting stops while the disk has less than this
 * @param queueBytesMax appending waits while more than this isn't written yet
 */
public record JournalSettings(
    Path directory,
    Digest cluster,
    ReplicaId replica,
    long segmentBytes,
    long freeBytesMin,
    long queueBytesMax) {
  private static final long SEGMENT_BYTES_MIN = 1_024;

  /** Refuses segments that could hold nothing. */
  public JournalSettings {
    if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > 1L << 30) {
      throw new IllegalArgumentException(
          "segment bytes: " + segmentBytes + " (expected: 1024 to 1073741824)");
    }
    if (freeBytesMin < 0 || queueBytesMax < 1) {
      throw new IllegalArgumentException(
          "free bytes: " + freeBytesMin + ", queue bytes: " + queueBytesMax + " (expected: > 0)");
    }
  }

  /** The values of a new node. */
  public static JournalSettings defaults(Path directory, Digest cluster, ReplicaId replica) {
    return new JournalSettings(directory, cluster, replica, 64 << 20, 256 << 20, 64 << 20);
  }
}

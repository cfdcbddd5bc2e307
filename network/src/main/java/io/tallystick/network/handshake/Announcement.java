package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;

/**
 * What a party says of itself in a handshake, under its signature.
 *
 * @param epoch it is in
 * @param incarnation goes up by one with each start of a replica, synced before the first handshake
 * @param startId 16 random bytes of this start: tells two processes of one incarnation apart
 * @param highestVote the highest slot it voted at
 */
public record Announcement(long epoch, long incarnation, Bytes startId, HighestVote highestVote) {
  /** Length of a start id, in bytes. */
  public static final int START_ID_LENGTH = 16;

  /** What clients say: they have neither incarnation nor votes. */
  public static final Announcement OF_CLIENT =
      new Announcement(0, 0, Bytes.wrap(new byte[START_ID_LENGTH]), HighestVote.NONE);

  /** Refuses what the wire cannot carry. */
  public Announcement {
    if (startId.size() != START_ID_LENGTH) {
      throw new IllegalArgumentException("start id: " + startId.size() + " bytes (expected: 16)");
    }
    if (epoch >>> 32 != 0) {
      throw new IllegalArgumentException("epoch: " + epoch + " (expected: 0 to 4294967295)");
    }
  }
}

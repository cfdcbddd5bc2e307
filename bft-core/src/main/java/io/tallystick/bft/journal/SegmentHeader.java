package io.tallystick.bft.journal;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first bytes of a segment, synced before the file gets its name.
 *
 * @param number counts segments from 0
 * @param start absolute offset of the segment's first byte: what the segments before it used
 * @param firstPosition position of its first record
 * @param firstNeeded number of the first segment still needed when this one was begun
 */
record SegmentHeader(
    Digest cluster,
    ReplicaId replica,
    long number,
    long start,
    long firstPosition,
    long firstNeeded) {
  /** Length in bytes. */
  static final int BYTES = 96;

  private static final long MAGIC = 0x54414c4c594a524eL; // "TALLYJRN"
  private static final int VERSION = 1;

  ByteBuffer encode() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(MAGIC).putInt(VERSION).putInt(replica.value()).put(cluster.unsafeArray());
    out.putLong(number).putLong(start).putLong(firstPosition).putLong(firstNeeded);
    out.position(BYTES - 4);
    return out.putInt(Checksum.of(out, 0, BYTES - 4)).flip();
  }

  /** Reads one; empty when these bytes are none. */
  static Optional<SegmentHeader> decode(ByteBuffer in) {
    if (in.remaining() < BYTES
        || in.getLong(0) != MAGIC
        || in.getInt(8) != VERSION
        || in.getInt(BYTES - 4) != Checksum.of(in, 0, BYTES - 4)) {
      return Optional.empty();
    }
    byte[] cluster = new byte[Digest.LENGTH];
    in.get(16, cluster);
    return Optional.of(
        new SegmentHeader(
            Digest.of(cluster),
            new ReplicaId(in.getInt(12)),
            in.getLong(48),
            in.getLong(56),
            in.getLong(64),
            in.getLong(72)));
  }
}

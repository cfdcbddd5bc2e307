package io.tallystick.bft.journal;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What stands before the records that were written together.
 *
 * @param segment number of the segment that it is in
 * @param offset its own absolute offset
 * @param durable absolute offset up to which the sync before it made the journal durable
 * @param firstNeeded number of the first segment still needed
 * @param firstPosition position of its first record
 * @param records how many
 * @param bytes what they occupy, padding included
 */
record GroupHeader(
    long segment,
    long offset,
    long durable,
    long firstNeeded,
    long firstPosition,
    int records,
    int bytes) {
  /** Length in bytes. */
  static final int BYTES = 64;

  /** Groups begin at multiples of this. */
  static final int ALIGNMENT = 8;

  /** The first eight bytes. */
  static final long MAGIC = 0x54414c4c59475250L; // "TALLYGRP"

  /** What stands before each record: length and checksum. */
  static final int RECORD_OVERHEAD = 8;

  static int padded(int bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  void encode(ByteBuffer out) {
    int at = out.position();
    out.putLong(MAGIC).putLong(segment).putLong(offset).putLong(durable).putLong(firstNeeded);
    out.putLong(firstPosition).putInt(records).putInt(bytes).putInt(0);
    out.putInt(Checksum.of(out, at, BYTES - 4));
  }

  /** Reads the one at {@code at}; empty when there is none. */
  static Optional<GroupHeader> decode(ByteBuffer in, int at) {
    if (in.limit() - at < BYTES
        || in.getLong(at) != MAGIC
        || in.getInt(at + BYTES - 4) != Checksum.of(in, at, BYTES - 4)) {
      return Optional.empty();
    }
    return Optional.of(
        new GroupHeader(
            in.getLong(at + 8),
            in.getLong(at + 16),
            in.getLong(at + 24),
            in.getLong(at + 32),
            in.getLong(at + 40),
            in.getInt(at + 48),
            in.getInt(at + 52)));
  }
}

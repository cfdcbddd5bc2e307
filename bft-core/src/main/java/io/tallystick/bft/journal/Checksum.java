package io.tallystick.bft.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C (Castagnoli), which processors compute themselves. */
final class Checksum {
  private Checksum() {}

  /** Of {@code length} bytes of {@code buffer} from {@code offset} on. */
  static int of(ByteBuffer buffer, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.slice(offset, length));
    return (int) crc.getValue();
  }

  /** Of a record, tied to where it stands: the same bytes elsewhere have another. */
  static int of(long place, byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(8).putLong(place).flip());
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }
}

package io.tallystick.ledger.state;

import io.tallystick.bft.message.OutcomeKind;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Some thousand consecutive outcome records, packed: what of the outcomes is in memory. About 60
 * bytes for each record at ordinary principals.
 */
final class OutcomeSegment {
  /** Records of a full segment; old ones are dropped by whole segments, alike at all replicas. */
  static final int RECORDS = 4096;

  private final long first;
  private byte[] bytes = new byte[8 << 10];
  private int[] ends = new int[128];
  private int count;

  /** A segment without records yet, whose first one is that of index {@code first}. */
  OutcomeSegment(long first) {
    this.first = first;
  }

  long first() {
    return first;
  }

  int count() {
    return count;
  }

  void append(byte[] leaf) {
    int start = start(count);
    if (bytes.length - start < leaf.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + leaf.length));
    }
    if (count == ends.length) {
      ends = Arrays.copyOf(ends, 2 * count);
    }
    System.arraycopy(leaf, 0, bytes, start, leaf.length);
    ends[count++] = start + leaf.length;
  }

  private int start(int at) {
    return at == 0 ? 0 : ends[at - 1];
  }

  /** Whether the record at {@code at} is of this principal and id. */
  boolean matches(int at, byte[] principal, byte[] id) {
    int start = start(at) + Short.BYTES;
    int idStart = ends[at] - OutcomeRecord.TAIL_BYTES;
    return Arrays.equals(bytes, start, idStart, principal, 0, principal.length)
        && Arrays.equals(bytes, idStart, idStart + id.length, id, 0, id.length);
  }

  /** The principal and the id of a record, as they stand in its leaf, one after the other. */
  byte[] key(int at) {
    int tail = 1 + 2 * Long.BYTES;
    return Arrays.copyOfRange(bytes, start(at) + Short.BYTES, ends[at] - tail);
  }

  OutcomeKind kind(int at) {
    int code = bytes[ends[at] - 2 * Long.BYTES - 1];
    return OutcomeKind.of(code)
        .orElseThrow(() -> new IllegalStateException("outcome " + (first + at) + ": kind " + code));
  }

  long index(int at) {
    return ByteBuffer.wrap(bytes).getLong(ends[at] - 2 * Long.BYTES);
  }

  long expiresMicros(int at) {
    return ByteBuffer.wrap(bytes).getLong(ends[at] - Long.BYTES);
  }
}

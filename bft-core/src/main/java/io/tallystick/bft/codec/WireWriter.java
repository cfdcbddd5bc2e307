package io.tallystick.bft.codec;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.tallystick.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes one message from its last field to its first: a length stands before what it measures, so
 * writing backwards knows it in time, and each payload is copied once. Zero and empty values are
 * left out. Used by one thread, for one message.
 */
final class WireWriter {
  private byte[] buffer;
  private int start;

  WireWriter(int sizeHint) {
    buffer = new byte[Math.max(64, sizeHint)];
    start = buffer.length;
  }

  /** An integer; as a u64 when negative. */
  void integer(int field, long value) {
    if (value != 0) {
      varint(value);
      tag(field, WireFormat.WIRETYPE_VARINT);
    }
  }

  void flag(int field, boolean value) {
    integer(field, value ? 1 : 0);
  }

  void bytes(int field, Bytes value) {
    if (!value.isEmpty()) {
      element(field, value.unsafeArray());
    }
  }

  void bytes(int field, byte[] value) {
    element(field, value);
  }

  void string(int field, String value) {
    if (!value.isEmpty()) {
      element(field, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** A nested message, present even when nothing in it is. */
  void message(int field, Runnable body) {
    int end = size();
    body.run();
    varint(size() - end);
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  /** Nested messages, in the list's order. */
  <T> void messages(int field, List<T> values, Consumer<T> body) {
    for (int i = values.size() - 1; i >= 0; i--) {
      T value = values.get(i);
      message(field, () -> body.accept(value));
    }
  }

  /** What was written. */
  Bytes toBytes() {
    return Bytes.wrap(start == 0 ? buffer : Arrays.copyOfRange(buffer, start, buffer.length));
  }

  private int size() {
    return buffer.length - start;
  }

  private void element(int field, byte[] value) {
    reserve(value.length);
    start -= value.length;
    System.arraycopy(value, 0, buffer, start, value.length);
    varint(value.length);
    tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  private void tag(int field, int wireType) {
    varint((long) field << 3 | wireType);
  }

  private void varint(long value) {
    int length = CodedOutputStream.computeUInt64SizeNoTag(value);
    reserve(length);
    start -= length;
    long rest = value;
    for (int i = start; i < start + length - 1; i++) {
      buffer[i] = (byte) (rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    buffer[start + length - 1] = (byte) rest;
  }

  private void reserve(int more) {
    if (start < more) {
      int size = size();
      byte[] larger = new byte[Math.max(buffer.length * 2, size + more)];
      System.arraycopy(buffer, start, larger, larger.length - size, size);
      start = larger.length - size;
      buffer = larger;
    }
  }
}

package io.tallystick.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lays out what is signed or hashed: integers big-endian, strings as a u16 length and UTF-8. Every
 * layout begins with its own context, {@code "tallystick/1/" type "\0"} (formats page, "Signed
 * statements").
 */
public final class StatementWriter {
  private byte[] buffer = new byte[256];
  private int size;

  /** Starts an empty layout, for leaves that stand inside another signed layout. */
  public StatementWriter() {}

  /** Starts a layout with the context of {@code type}. */
  public static StatementWriter context(String type) {
    StatementWriter writer = new StatementWriter();
    writer.raw(("tallystick/1/" + type + "\0").getBytes(StandardCharsets.UTF_8));
    return writer;
  }

  /** One byte. */
  public StatementWriter u8(int value) {
    return integer(value, 1);
  }

  /** Two bytes. */
  public StatementWriter u16(int value) {
    return integer(value, 2);
  }

  /** Four bytes. */
  public StatementWriter u32(long value) {
    return integer(value, 4);
  }

  /** Eight bytes. */
  public StatementWriter u64(long value) {
    return integer(value, 8);
  }

  /** The bytes alone, without a length. */
  public StatementWriter raw(byte[] bytes) {
    reserve(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** The bytes alone, without a length. */
  public StatementWriter raw(Bytes bytes) {
    return raw(bytes.unsafeArray());
  }

  /** The 32 bytes of a digest. */
  public StatementWriter digest(Digest digest) {
    return raw(digest.unsafeArray());
  }

  /**
   * A u16 length and the UTF-8 bytes.
   *
   * @throws IllegalArgumentException when {@code text} is longer than 65,535 bytes
   */
  public StatementWriter string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > 0xffff) {
      throw new IllegalArgumentException("string: " + utf8.length + " bytes (expected: <= 65535)");
    }
    return u16(utf8.length).raw(utf8);
  }

  /** What was written so far, as a fresh array. */
  public byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** SHA-256 of what was written so far. */
  public Digest hash() {
    return Digest.sha256(toArray());
  }

  private StatementWriter integer(long value, int width) {
    if (width < 8 && value >>> 8 * width != 0) {
      throw new IllegalArgumentException(
          "integer: " + value + " (expected: 0 to " + ((1L << 8 * width) - 1) + ")");
    }
    reserve(width);
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      buffer[size++] = (byte) (value >>> shift);
    }
    return this;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}

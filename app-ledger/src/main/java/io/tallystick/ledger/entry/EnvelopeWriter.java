package io.tallystick.ledger.entry;

import io.tallystick.crypto.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes canonical JSON (RFC 8785) straight into bytes: of a string only what must be escaped is,
 * and in the one way that the RFC allows. For one thread and one envelope.
 */
final class EnvelopeWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] buffer;
  private int size;

  EnvelopeWriter(int expectedBytes) {
    this.buffer = new byte[expectedBytes];
  }

  /** Bytes of JSON that are right as they stand. */
  EnvelopeWriter raw(byte[] ascii) {
    reserve(ascii.length);
    System.arraycopy(ascii, 0, buffer, size, ascii.length);
    size += ascii.length;
    return this;
  }

  /** Text that holds nothing to escape, and ASCII alone. */
  @SuppressWarnings("deprecation") // Takes the low bytes of chars, which is what ASCII needs
  EnvelopeWriter ascii(String text) {
    int length = text.length();
    reserve(length);
    text.getBytes(0, length, buffer, size);
    size += length;
    return this;
  }

  /** The inside of a JSON string. */
  EnvelopeWriter string(String text) {
    reserve(6 * text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        ascii(c);
      } else if (c < 0x800) {
        buffer[size++] = (byte) (0xc0 | c >> 6);
        buffer[size++] = (byte) (0x80 | c & 0x3f);
      } else if (!Character.isSurrogate(c)) {
        buffer[size++] = (byte) (0xe0 | c >> 12);
        buffer[size++] = (byte) (0x80 | c >> 6 & 0x3f);
        buffer[size++] = (byte) (0x80 | c & 0x3f);
      } else {
        int point = text.codePointAt(i);
        if (point < 0x10000) {
          throw new MalformedEntryException("string", "half a surrogate pair", "Unicode text");
        }
        buffer[size++] = (byte) (0xf0 | point >> 18);
        buffer[size++] = (byte) (0x80 | point >> 12 & 0x3f);
        buffer[size++] = (byte) (0x80 | point >> 6 & 0x3f);
        buffer[size++] = (byte) (0x80 | point & 0x3f);
        i++;
      }
    }
    return this;
  }

  private void ascii(char c) {
    char escape =
        switch (c) {
          case '"', '\\' -> c;
          case '\b' -> 'b';
          case '\t' -> 't';
          case '\n' -> 'n';
          case '\f' -> 'f';
          case '\r' -> 'r';
          default -> c < 0x20 ? 'u' : 0;
        };
    if (escape == 0) {
      buffer[size++] = (byte) c;
      return;
    }
    buffer[size++] = '\\';
    buffer[size++] = (byte) escape;
    if (escape == 'u') {
      buffer[size++] = '0';
      buffer[size++] = '0';
      buffer[size++] = HEX[c >> 4];
      buffer[size++] = HEX[c & 0xf];
    }
  }

  /** A number that is not negative, in decimal. */
  EnvelopeWriter decimal(long value) {
    reserve(20);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = size + digits - 1; i >= size; i--) {
      buffer[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** A time, as {@link LedgerTime} writes it. */
  EnvelopeWriter time(long micros) {
    reserve(LedgerTime.LENGTH);
    LedgerTime.write(micros, buffer, size);
    size += LedgerTime.LENGTH;
    return this;
  }

  /** What was written. */
  Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(buffer, size));
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
    }
  }
}

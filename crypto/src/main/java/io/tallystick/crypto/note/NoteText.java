package io.tallystick.crypto.note;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The pieces that all the formats are made of, each in its one accepted spelling. */
final class NoteText {
  /** No note, proof or policy is longer, in bytes. */
  static final int BYTES_MAX = 1_000_000;

  private NoteText() {}

  /** Decodes UTF-8, of at most {@link #BYTES_MAX} bytes. */
  static String utf8(String what, byte[] bytes) {
    if (bytes.length > BYTES_MAX) {
      throw new MalformedNoteException(what, bytes.length + " bytes", "<= " + BYTES_MAX);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedNoteException(what, "bytes that aren't UTF-8", "UTF-8");
    }
  }

  /** Checks that {@code text} is encodable and of at most {@link #BYTES_MAX} bytes. */
  static String bounded(String what, String text) {
    // A lone surrogate has no UTF-8: what was hashed would not be what was written
    if (text.length() > BYTES_MAX || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new MalformedNoteException(
          what, text.length() + " characters", "<= " + BYTES_MAX + ", all of them Unicode");
    }
    return text;
  }

  /** Decodes canonical, padded base64: what it decodes to encodes to the same text. */
  static byte[] base64(String what, String text) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedNoteException(what, "'" + text + "'", "base64");
    }
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new MalformedNoteException(what, "'" + text + "'", "canonical base64 with padding");
    }
    return bytes;
  }

  static String base64(Bytes bytes) {
    return Base64.getEncoder().encodeToString(bytes.unsafeArray());
  }

  static String base64(Digest digest) {
    return Base64.getEncoder().encodeToString(digest.unsafeArray());
  }

  /** Decodes a hash of 32 bytes. */
  static Digest hash(String what, String text) {
    byte[] bytes = text.length() == 44 ? base64(what, text) : new byte[0];
    if (bytes.length != Digest.LENGTH) {
      throw new MalformedNoteException(what, "'" + text + "'", "32 bytes in base64");
    }
    return Digest.of(bytes);
  }

  /** Parses a number from 0 to 2^63-1 without leading zeros or sign. */
  static long decimal(String what, String text) {
    boolean digits = !text.isEmpty() && text.length() <= 19;
    for (int i = 0; i < text.length() && digits; i++) {
      digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    long value = 0;
    for (int i = 0; i < text.length() && digits; i++) {
      // Nineteen digits pass 2^63 at most once, into the negative
      value = value * 10 + text.charAt(i) - '0';
    }
    if (!digits || value < 0 || (text.length() > 1 && text.charAt(0) == '0')) {
      throw new MalformedNoteException(
          what, "'" + text + "'", "a decimal from 0 to 2^63-1 without leading zeros");
    }
    return value;
  }

  /** Checks a key name: not empty, no space of any kind, no plus sign, no control character. */
  static String keyName(String what, String name) {
    if (name.isEmpty() || name.codePoints().anyMatch(NoteText::isForbiddenInName)) {
      throw new MalformedNoteException(
          what, "'" + name + "'", "a name without spaces, '+' or control characters");
    }
    return name;
  }

  private static boolean isForbiddenInName(int c) {
    return c == '+'
        || c == 0x85
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.getType(c) == Character.CONTROL
        || Character.getType(c) == Character.SURROGATE;
  }
}

package io.tallystick.ledger.entry;

import io.tallystick.crypto.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the strings of an envelope, whose members stand in one order only. Lenient in how a string
 * is escaped: whoever scans encodes again and compares. For one thread and one envelope.
 */
final class EnvelopeScanner {
  private final byte[] input;
  private int at;

  EnvelopeScanner(Bytes input) {
    this.input = input.unsafeArray();
  }

  /** Goes past bytes that must come next. */
  void expect(byte[] ascii) {
    for (byte b : ascii) {
      if (at >= input.length || input[at] != b) {
        throw malformed(new String(ascii, StandardCharsets.US_ASCII));
      }
      at++;
    }
  }

  /** Reads to the closing quotation mark, and stops at it. */
  String string() {
    int start = at;
    boolean escaped = false;
    while (at < input.length && input[at] != '"') {
      if (input[at] == '\\') {
        escaped = true;
        at++;
      }
      at++;
    }
    if (at >= input.length) {
      throw malformed("a closing quotation mark");
    }
    String raw = utf8(start, at - start);
    return escaped ? unescape(raw) : raw;
  }

  /** That nothing is left. */
  void end() {
    if (at != input.length) {
      throw malformed("the end");
    }
  }

  private String utf8(int start, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(input, start, length))
          .toString();
    } catch (CharacterCodingException e) {
      MalformedEntryException malformed =
          new MalformedEntryException("envelope at byte " + start, "broken UTF-8", "UTF-8");
      malformed.initCause(e);
      throw malformed;
    }
  }

  private String unescape(String raw) {
    StringBuilder text = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      char escape = raw.charAt(++i);
      switch (escape) {
        case '"', '\\' -> text.append(escape);
        case 'b' -> text.append('\b');
        case 't' -> text.append('\t');
        case 'n' -> text.append('\n');
        case 'f' -> text.append('\f');
        case 'r' -> text.append('\r');
        case 'u' -> {
          text.append(unit(raw, i + 1));
          i += 4;
        }
        default -> throw malformed("an escape of RFC 8785");
      }
    }
    return text.toString();
  }

  private char unit(String raw, int from) {
    if (from + 4 > raw.length()) {
      throw malformed("four hex digits");
    }
    int unit = 0;
    for (int i = from; i < from + 4; i++) {
      int digit = Character.digit(raw.charAt(i), 16);
      if (digit < 0) {
        throw malformed("four hex digits");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  private MalformedEntryException malformed(String expected) {
    String found =
        at < input.length ? "byte 0x" + Integer.toHexString(input[at] & 0xff) : "its end";
    return new MalformedEntryException("envelope at byte " + at, found, expected);
  }
}

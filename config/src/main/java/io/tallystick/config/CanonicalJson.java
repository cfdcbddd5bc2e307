package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * JSON as RFC 8785 writes it, for objects, arrays, strings, integers within ±(2^53 − 1), booleans
 * and null: sorted keys, no spaces, UTF-8, shortest escapes. Two equal values have equal bytes, so
 * a document can be signed, hashed and compared as it stands.
 *
 * <p>Fractions and exponents are outside the subset, on purpose: their canonical form depends on
 * floating point, and nothing in the ledger needs them.
 */
public final class CanonicalJson {
  /** Deepest nesting of objects and arrays that is read. */
  public static final int DEPTH_MAX = 32;

  /** Largest integer that every JSON reader takes for what it is: 2^53 − 1. */
  public static final long INTEGER_MAX = (1L << 53) - 1;

  private CanonicalJson() {}

  /**
   * Reads one object, in whatever layout, and nothing after it but blanks.
   *
   * @param bytesMax largest document taken, in bytes
   * @throws JsonException on bad syntax, bad UTF-8, a key twice, a number outside the subset,
   *     nesting deeper than {@link #DEPTH_MAX}, or more than {@code bytesMax} bytes
   */
  public static JsonObject parse(Bytes document, int bytesMax) throws JsonException {
    if (document.size() > bytesMax) {
      throw new JsonException(
          "", 1, 0, document.size() + " bytes (expected: " + bytesMax + " at most)");
    }
    return new JsonParser(document).document();
  }

  /**
   * As {@link #parse}, and refuses a document that isn't in canonical form, naming the first byte
   * that differs.
   */
  public static JsonObject parseCanonical(Bytes document, int bytesMax) throws JsonException {
    JsonObject value = parse(document, bytesMax);
    Bytes canonical = write(value);
    if (!canonical.equals(document)) {
      int at = mismatch(canonical, document);
      throw new JsonException(
          "", line(document, at), at, "not canonical from here on (expected: RFC 8785 form)");
    }
    return value;
  }

  private static int mismatch(Bytes left, Bytes right) {
    return Math.max(0, Arrays.mismatch(left.unsafeArray(), right.unsafeArray()));
  }

  /**
   * The canonical bytes of an object.
   *
   * @throws IllegalArgumentException when it holds what isn't in the subset
   */
  public static Bytes write(JsonObject value) {
    return Bytes.utf8(text(value));
  }

  /** The canonical text of an object; see {@link #write}. */
  public static String text(JsonObject value) {
    StringBuilder out = new StringBuilder(256);
    append(value, out);
    return out.toString();
  }

  private static void append(Object value, StringBuilder out) {
    switch (value) {
      case JsonObject object -> {
        char separator = '{';
        for (Map.Entry<String, Object> member : object.members().entrySet()) {
          out.append(separator);
          quote(member.getKey(), out);
          out.append(':');
          append(member.getValue(), out);
          separator = ',';
        }
        out.append(separator == '{' ? "{}" : "}");
      }
      case List<?> list -> {
        char separator = '[';
        for (Object element : list) {
          out.append(separator);
          append(element, out);
          separator = ',';
        }
        out.append(separator == '[' ? "[]" : "]");
      }
      case String text -> quote(text, out);
      case Integer number -> out.append(number.intValue());
      case Long number -> {
        if (number > INTEGER_MAX || number < -INTEGER_MAX) {
          throw new IllegalArgumentException(
              "integer: " + number + " (expected: at most 2^53 - 1 either way, or a string)");
        }
        out.append(number.longValue());
      }
      case Boolean bool -> out.append(bool.booleanValue());
      case JsonObject.Null none -> out.append("null");
      default ->
          throw new IllegalArgumentException(
              "JSON value: "
                  + value.getClass()
                  + " (expected: string, integer, boolean, array, …)");
    }
  }

  /**
   * Appends {@code text} as a JSON string, quoted and escaped as RFC 8785 wants it.
   *
   * @throws IllegalArgumentException when it holds half of a surrogate pair
   */
  public static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) {
        out.append(c);
      } else if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw new IllegalArgumentException("string: half of a surrogate pair at " + i);
        }
        out.append(c).append(text.charAt(++i));
      } else {
        escape(c, out);
      }
    }
    out.append('"');
  }

  private static void escape(char c, StringBuilder out) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\t' -> out.append("\\t");
      case '\n' -> out.append("\\n");
      case '\f' -> out.append("\\f");
      case '\r' -> out.append("\\r");
      default -> out.append(String.format("\\u%04x", (int) c));
    }
  }

  /** The line, from 1, that the byte at {@code offset} stands in. */
  static int line(Bytes source, int offset) {
    int line = 1;
    for (int i = 0; i < Math.min(offset, source.size()); i++) {
      if (source.at(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}

package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON document of the subset that {@link CanonicalJson} writes, strictly (RFC 8259).
 * Memory is bounded by the document's size, the stack by {@link CanonicalJson#DEPTH_MAX}.
 */
final class JsonParser {
  private static final int PATH_SHOWN_MAX = 200;
  private static final int END = -1;

  private final Bytes source;
  private int at;
  private int depth;

  JsonParser(Bytes source) {
    this.source = source;
  }

  JsonObject document() throws JsonException {
    skipBlanks();
    if (peek() != '{') {
      throw bad("", shown() + " (expected: an object)");
    }
    JsonObject value = object("");
    skipBlanks();
    if (peek() != END) {
      throw bad("", shown() + " after the document (expected: its end)");
    }
    return value;
  }

  private Object value(String path) throws JsonException {
    int c = peek();
    return switch (c) {
      case '{' -> object(path);
      case '[' -> array(path);
      case '"' -> string(path);
      case 't' -> literal("true", true, path);
      case 'f' -> literal("false", false, path);
      case 'n' -> literal("null", JsonObject.Null.NULL, path);
      default -> {
        if (c == '-' || c >= '0' && c <= '9') {
          yield number(path);
        }
        throw bad(path, shown() + " (expected: a value)");
      }
    };
  }

  private JsonObject object(String path) throws JsonException {
    enter(path);
    JsonObject object = new JsonObject(source, path, at);
    at++;
    skipBlanks();
    if (peek() == '}') {
      at++;
      depth--;
      return object;
    }
    while (true) {
      int keyAt = at;
      if (peek() != '"') {
        throw bad(path, shown() + " (expected: a key in quotes)");
      }
      String key = string(path);
      String inner = clipped(path.isEmpty() ? key : path + "." + key);
      if (object.has(key)) {
        at = keyAt;
        throw bad(inner, "key given twice (expected: once)");
      }
      skipBlanks();
      expect(':', inner);
      skipBlanks();
      object.parsed(key, value(inner), keyAt);
      skipBlanks();
      if (peek() == '}') {
        at++;
        depth--;
        return object;
      }
      expect(',', path);
      skipBlanks();
    }
  }

  /** Only messages for people show a path: long ones would make memory grow with its square. */
  private static String clipped(String path) {
    return path.length() <= PATH_SHOWN_MAX ? path : path.substring(0, PATH_SHOWN_MAX);
  }

  private List<Object> array(String path) throws JsonException {
    enter(path);
    at++;
    List<Object> list = new ArrayList<>();
    skipBlanks();
    if (peek() == ']') {
      at++;
      depth--;
      return list;
    }
    while (true) {
      list.add(value(clipped(path + "[" + list.size() + "]")));
      skipBlanks();
      if (peek() == ']') {
        at++;
        depth--;
        return List.copyOf(list);
      }
      expect(',', path);
      skipBlanks();
    }
  }

  private String string(String path) throws JsonException {
    int start = ++at;
    StringBuilder unescaped = null;
    while (true) {
      int c = peek();
      if (c == '"') {
        String last = utf8(start, at, path);
        at++;
        return unescaped == null ? last : paired(unescaped.append(last).toString(), path);
      } else if (c == '\\') {
        if (unescaped == null) {
          unescaped = new StringBuilder();
        }
        unescaped.append(utf8(start, at, path)).append(unescape(path));
        start = at;
      } else if (c == END || c < ' ') {
        throw bad(path, shown() + " inside a string (expected: its closing quote)");
      } else {
        at++;
      }
    }
  }

  private String utf8(int from, int to, String path) throws JsonException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(source.unsafeArray(), from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      at = from;
      throw bad(path, "bytes that aren't UTF-8 in the string that starts here");
    }
  }

  private String paired(String text, String path) throws JsonException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isHighSurrogate(text.charAt(i))
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(text.charAt(i))) {
        throw bad(path, "half of a surrogate pair in a string (expected: both halves)");
      }
    }
    return text;
  }

  private char unescape(String path) throws JsonException {
    at++;
    int c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> (char) c;
      case 'b' -> '\b';
      case 't' -> '\t';
      case 'n' -> '\n';
      case 'f' -> '\f';
      case 'r' -> '\r';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          int digit = Character.digit(peek(), 16);
          if (digit < 0) {
            throw bad(path, shown() + " in \\u (expected: four hex digits)");
          }
          code = code << 4 | digit;
          at++;
        }
        yield (char) code;
      }
      default -> {
        at -= 2;
        throw bad(
            path, "an unknown escape (expected: one of \\\" \\\\ \\/ \\b \\t \\n \\f \\r \\u)");
      }
    };
  }

  private Long number(String path) throws JsonException {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    int digits = at;
    long value = 0;
    while (peek() >= '0' && peek() <= '9') {
      value = value * 10 + peek() - '0';
      at++;
      if (value > CanonicalJson.INTEGER_MAX) {
        at = start;
        throw bad(path, "an integer too large (expected: at most 2^53 - 1 either way)");
      }
    }
    boolean leadingZero = at - digits > 1 && source.at(digits) == '0';
    boolean fraction = peek() == '.' || peek() == 'e' || peek() == 'E';
    if (at == digits || leadingZero || fraction || (value == 0 && digits > start)) {
      at = start;
      throw bad(path, "not an integer in plain digits (expected: for example 0, 7 or -12)");
    }
    return digits > start ? -value : value;
  }

  private Object literal(String word, Object value, String path) throws JsonException {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= source.size() || source.at(at + i) != word.charAt(i)) {
        throw bad(path, "an unknown word (expected: true, false or null)");
      }
    }
    at += word.length();
    return value;
  }

  private void enter(String path) throws JsonException {
    if (++depth > CanonicalJson.DEPTH_MAX) {
      throw bad(
          path, "nested too deeply (expected: " + CanonicalJson.DEPTH_MAX + " levels at most)");
    }
  }

  private void expect(char c, String path) throws JsonException {
    if (peek() != c) {
      throw bad(path, shown() + " (expected: '" + c + "')");
    }
    at++;
  }

  private void skipBlanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
      at++;
    }
  }

  private int peek() {
    return at < source.size() ? source.at(at) & 0xff : END;
  }

  private String shown() {
    int c = peek();
    if (c == END) {
      return "the document ends";
    }
    return c > ' ' && c < 0x7f ? "'" + (char) c + "'" : String.format("byte 0x%02x", c);
  }

  private JsonException bad(String path, String problem) {
    return new JsonException(path, CanonicalJson.line(source, at), at, problem);
  }
}

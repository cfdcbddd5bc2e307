package io.tallystick.ledger.gateway;

import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.StatementWriter;
import java.security.SecureRandom;
import java.util.OptionalInt;

/**
 * Where ids come from: an idempotency key becomes one by hashing principal, stream and key (formats
 * page, "idempotency id"); without a key one is drawn.
 */
final class RequestKeys {
  /** Longest idempotency key, in characters. */
  static final int KEY_MAX = 255;

  private static final SecureRandom RANDOM = new SecureRandom();

  private RequestKeys() {}

  /**
   * The key in an {@code Idempotency-Key} header: a quoted string (RFC 8941), or one without
   * quotes.
   *
   * @throws ProblemException when it is neither, empty, or too long
   */
  static String parse(String header) {
    String text = header.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    String inside = quoted ? text.substring(1, text.length() - 1) : text;
    StringBuilder key = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (quoted && c == '\\' && i + 1 < inside.length()) {
        i++;
        c = inside.charAt(i);
        if (c != '"' && c != '\\') {
          throw malformed("a backslash before " + c);
        }
      } else if (c == '"' || c == '\\') {
        throw malformed("a bare " + c);
      }
      if (c < ' ' || c > '~') {
        throw malformed("character " + (int) c);
      }
      key.append(c);
    }
    if (key.isEmpty() || key.length() > KEY_MAX) {
      throw malformed(key.length() + " characters");
    }
    return key.toString();
  }

  private static ProblemException malformed(String found) {
    return Problem.of(
            Problem.Kind.BAD_IDEMPOTENCY_KEY,
            "Idempotency-Key: "
                + found
                + " (expected: 1 to "
                + KEY_MAX
                + " printable ASCII characters, in quotes)")
        .exception();
  }

  /** The id of a key; {@code line} is the line's number in a batch, from 0. */
  static RequestId id(String principal, String stream, String key, OptionalInt line) {
    StatementWriter layout =
        StatementWriter.context("idempotency").string(principal).string(stream).string(key);
    line.ifPresent(layout::u32);
    return new RequestId(Bytes.wrap(layout.hash().toArray()).slice(0, RequestId.LENGTH));
  }

  /** A fresh id that nobody can guess. */
  static RequestId draw() {
    byte[] id = new byte[RequestId.LENGTH];
    RANDOM.nextBytes(id);
    return new RequestId(Bytes.wrap(id));
  }
}

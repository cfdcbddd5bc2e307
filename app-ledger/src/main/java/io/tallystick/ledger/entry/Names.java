package io.tallystick.ledger.entry;

import java.nio.charset.StandardCharsets;

/**
 * Which strings may stand in an envelope. With these bounds an envelope stays far below the 65,535
 * bytes of a leaf, however much of it has to be escaped.
 */
public final class Names {
  /** The stream of system entries, and their principal; no client may name either. */
  public static final String SYSTEM = "_system";

  /** What system entries' payloads are. */
  public static final String JSON = "application/json";

  /** Longest stream name, in bytes. */
  public static final int STREAM_BYTES_MAX = 128;

  /** Longest principal, in bytes of UTF-8. */
  public static final int PRINCIPAL_BYTES_MAX = 255;

  /** Longest content type, in bytes. */
  public static final int CONTENT_TYPE_BYTES_MAX = 255;

  private Names() {}

  /** Whether a client may name this stream: {@code [a-z0-9][a-z0-9._-]{0,127}}. */
  public static boolean isStream(String text) {
    if (text.isEmpty() || text.length() > STREAM_BYTES_MAX || !isLetterOrDigit(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a client may speak for this principal: 1 to 255 bytes of UTF-8, no control characters,
   * and not the ledger itself.
   */
  public static boolean isPrincipal(String text) {
    return isText(text, PRINCIPAL_BYTES_MAX) && !text.equals(SYSTEM);
  }

  /** Whether it may be a content type: 1 to 255 printable ASCII characters. */
  public static boolean isContentType(String text) {
    if (text.isEmpty() || text.length() > CONTENT_TYPE_BYTES_MAX) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(String text, int bytesMax) {
    if (text.isEmpty() || text.length() > bytesMax) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c)) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return text.getBytes(StandardCharsets.UTF_8).length <= bytesMax;
  }

  private static boolean isLetterOrDigit(char c) {
    return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
  }
}

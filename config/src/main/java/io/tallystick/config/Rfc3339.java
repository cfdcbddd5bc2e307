package io.tallystick.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Times as the ledger writes them: RFC 3339, UTC, always six decimals. */
public final class Rfc3339 {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The last microsecond that has a four-digit year. */
  public static final long MICROS_MAX = 253_402_300_799_999_999L;

  private Rfc3339() {}

  /** Writes microseconds since 1970, for example {@code 2026-11-23T08:12:00.123456Z}. */
  public static String format(long micros) {
    if (micros < 0 || micros > MICROS_MAX) {
      throw new IllegalArgumentException("time: " + micros + " us (expected: 1970 to 9999)");
    }
    return FORM.format(
        Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L));
  }

  /**
   * Reads exactly what {@link #format} writes.
   *
   * @throws IllegalArgumentException whose message says what would be right
   */
  public static long parse(String text) {
    try {
      Instant instant = Instant.from(FORM.parse(text));
      long micros = Math.addExact(instant.getEpochSecond() * 1_000_000L, instant.getNano() / 1_000);
      if (micros >= 0 && micros <= MICROS_MAX && format(micros).equals(text)) {
        return micros;
      }
    } catch (DateTimeException | ArithmeticException e) {
      throw new IllegalArgumentException(expected(text), e);
    }
    throw new IllegalArgumentException(expected(text));
  }

  private static String expected(String text) {
    return "\"" + text + "\" (expected: a time like 2026-11-23T08:12:00.123456Z)";
  }
}

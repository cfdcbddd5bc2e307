package io.tallystick.ledger.entry;

import java.nio.charset.StandardCharsets;

/**
 * Ledger time as text: RFC 3339 in UTC with six decimals, {@code 2026-11-23T08:12:00.123456Z}. As a
 * number it is microseconds since 1970, from there to the end of the year 9999.
 */
public final class LedgerTime {
  /** The last microsecond of the year 9999. */
  public static final long MICROS_MAX = 253_402_300_799_999_999L;

  /** Length of the text. */
  static final int LENGTH = 27;

  private static final String SHAPE = "0000-00-00T00:00:00.000000Z";
  private static final byte[] SHAPE_BYTES = SHAPE.getBytes(StandardCharsets.US_ASCII);
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  private LedgerTime() {}

  /**
   * Writes a time.
   *
   * @throws MalformedEntryException when it is before 1970 or after 9999
   */
  public static String format(long micros) {
    byte[] text = new byte[LENGTH];
    write(micros, text, 0);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /**
   * Reads exactly what {@link #format} writes.
   *
   * @throws MalformedEntryException on anything else
   */
  public static long parse(String text) {
    if (text.length() != LENGTH) {
      throw malformed(text);
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean right = SHAPE.charAt(i) == '0' ? c >= '0' && c <= '9' : c == SHAPE.charAt(i);
      if (!right) {
        throw malformed(text);
      }
    }
    int year = number(text, 0, 4);
    long days = days(year, number(text, 5, 7), number(text, 8, 10));
    long seconds = number(text, 11, 13) * 3600L + number(text, 14, 16) * 60L + number(text, 17, 19);
    long micros = days * MICROS_PER_DAY + seconds * 1_000_000L + number(text, 20, 26);
    // Impossible dates (a 31st of June, a leap second) come back as another text
    if (year < 1970 || micros < 0 || micros > MICROS_MAX || !format(micros).equals(text)) {
      throw malformed(text);
    }
    return micros;
  }

  /** Writes the 27 bytes of the text at {@code at}. */
  static void write(long micros, byte[] into, int at) {
    if (micros < 0 || micros > MICROS_MAX) {
      throw new MalformedEntryException("ledger time", micros, "0 to " + MICROS_MAX);
    }
    System.arraycopy(SHAPE_BYTES, 0, into, at, LENGTH);
    long ofDay = micros % MICROS_PER_DAY;
    // Civil date from days (Howard Hinnant, "chrono-compatible low-level date algorithms")
    long z = micros / MICROS_PER_DAY + 719_468;
    long era = z / 146_097;
    int dayOfEra = (int) (z - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shifted = (5 * dayOfYear + 2) / 153;
    int day = dayOfYear - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9;
    int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
    int second = (int) (ofDay / 1_000_000);
    digits(year, into, at, 4);
    digits(month, into, at + 5, 2);
    digits(day, into, at + 8, 2);
    digits(second / 3600, into, at + 11, 2);
    digits(second / 60 % 60, into, at + 14, 2);
    digits(second % 60, into, at + 17, 2);
    digits((int) (ofDay % 1_000_000), into, at + 20, 6);
  }

  private static long days(int year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    long era = Math.floorDiv(y, 400L);
    long yearOfEra = y - era * 400;
    long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  private static void digits(int value, byte[] into, int at, int count) {
    int rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      into[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }

  private static MalformedEntryException malformed(String text) {
    return new MalformedEntryException("time", text, "like 2026-11-23T08:12:00.123456Z");
  }
}

package io.tallystick.ledger.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LedgerTimeTest {
  private static final DateTimeFormatter NAIVE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @Test
  void agreesWithTheCalendar() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      long micros = random.nextLong(LedgerTime.MICROS_MAX + 1);
      Instant instant = Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000);
      assertEquals(NAIVE.format(instant), LedgerTime.format(micros));
      assertEquals(micros, LedgerTime.parse(LedgerTime.format(micros)));
    }
  }

  @Test
  void reachesFromTheEpochToTheYear9999() {
    assertEquals("1970-01-01T00:00:00.000000Z", LedgerTime.format(0));
    assertEquals("9999-12-31T23:59:59.999999Z", LedgerTime.format(LedgerTime.MICROS_MAX));
    assertThrows(MalformedEntryException.class, () -> LedgerTime.format(-1));
    assertThrows(MalformedEntryException.class, () -> LedgerTime.format(LedgerTime.MICROS_MAX + 1));
  }

  @Test
  void refusesDatesThatAreNone() {
    for (String wrong :
        new String[] {
          "2026-02-29T00:00:00.000000Z",
          "2026-13-01T00:00:00.000000Z",
          "2026-00-01T00:00:00.000000Z",
          "2026-01-00T00:00:00.000000Z",
          "2026-01-01T00:60:00.000000Z",
          "2026-01-01T23:59:60.000000Z",
          "1969-12-31T23:59:59.999999Z",
          "2026-01-01t00:00:00.000000Z",
          "2026-01-01T00:00:00.00000Z",
          "\u0662026-01-01T00:00:00.000000Z",
        }) {
      assertThrows(MalformedEntryException.class, () -> LedgerTime.parse(wrong), wrong);
    }
  }
}

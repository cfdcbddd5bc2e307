package io.tallystick.network.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** What settings refuse, and how backoff grows. */
final class SettingsTest {
  @Test
  void backoffDoublesUpToItsCapWithJitter() {
    Backoff backoff = new Backoff(50, 2_000);
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      assertWithin(25, 50, backoff.delayMillis(1, random));
      assertWithin(50, 100, backoff.delayMillis(2, random));
      assertWithin(200, 400, backoff.delayMillis(4, random));
      assertWithin(1_000, 2_000, backoff.delayMillis(7, random));
      assertWithin(1_000, 2_000, backoff.delayMillis(Integer.MAX_VALUE, random));
    }
  }

  private static void assertWithin(long least, long most, long value) {
    assertTrue(value >= least && value <= most, value + " (expected: " + least + ".." + most + ")");
  }

  @Test
  void saysWhichSettingIsWrong() {
    IllegalArgumentException failure =
        assertThrows(
            IllegalArgumentException.class, () -> new SessionSettings(0, 1, 1, 1, 1, 1, 2, 1));
    assertEquals("receivedMessagesMax: 0 (expected: >= 1)", failure.getMessage());
    failure =
        assertThrows(
            IllegalArgumentException.class, () -> new SessionSettings(1, 1, 1, 1, 1, 10, 19, 1));
    assertEquals("silenceMillisMax: 19 (expected: >= 20)", failure.getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Backoff(0, 10));
    assertThrows(IllegalArgumentException.class, () -> new ClientLimits(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new HandshakeSettings(299, 1, 1, 1, 1));
  }

  @Test
  void theDefaultsAreValid() {
    assertTrue(NetworkSettings.defaults().verifiers() >= 2);
    assertEquals(TransportSecurity.AUTOMATIC, NetworkSettings.defaults().security());
  }
}

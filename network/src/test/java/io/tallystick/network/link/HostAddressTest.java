package io.tallystick.network.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses as configuration writes them. */
final class HostAddressTest {
  @Test
  void readsWhatItWrites() {
    for (String text : new String[] {"127.0.0.1:7001", "r1.example.com:65535", "[::1]:0"}) {
      assertEquals(text, HostAddress.parse(text).toString());
    }
    assertEquals("::1", HostAddress.parse("[::1]:0").host());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":1", "host", "host:", "host:x", "host:-1", "host:65536", "::1:80"})
  void refusesAnythingElse(String text) {
    assertThrows(IllegalArgumentException.class, () -> HostAddress.parse(text));
  }
}

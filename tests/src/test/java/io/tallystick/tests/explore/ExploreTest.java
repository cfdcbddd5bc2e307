package io.tallystick.tests.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Instrument;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExploreTest {
  @Test
  @DisplayName("S21 S55 S74 every order of deliveries, timeouts, crashes and lies, to a depth")
  void findsNothingInManyStates() throws Exception {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int status =
        new ExploreCommand()
            .run(
                Arguments.parse(List.of("--states", "30000"), Set.of()),
                new PrintStream(text, true, StandardCharsets.UTF_8));
    String out = text.toString(StandardCharsets.UTF_8);
    assertEquals(Instrument.ALL_WELL, status, out);
    assertTrue(out.contains(" violations=0"), out);
  }

  @Test
  void entersAStateOnce() {
    States states = new States();
    for (long hash = 1; hash <= 100_000; hash++) {
      assertTrue(states.enter(hash * 0x9e3779b97f4a7c15L));
    }
    for (long hash = 1; hash <= 100_000; hash += 97) {
      assertEquals(false, states.enter(hash * 0x9e3779b97f4a7c15L));
    }
    assertEquals(100_000, states.size());
  }
}

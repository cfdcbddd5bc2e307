package io.tallystick.tests.tla;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ModelCheckTest {
  private static final Set<String> FLAGS = Set.of("--small", "--large");

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

  @Test
  @DisplayName("S31 S38 no run of the small specification forks, and each broken rule does")
  void holdsAtTheSmallSizeAndCatchesTheBrokenCopies() throws Exception {
    assertEquals(Instrument.ALL_WELL, run("--small", "--minutes", "2"), this::text);
    String last = text().lines().reduce("", (a, b) -> b);
    assertTrue(last.matches("specs=7 states=[0-9]+ violations_expected=6 found=6"), this::text);
  }

  @Test
  void refusesOptionsThatItDoesNotKnow() {
    assertThrows(UsageException.class, () -> run("--tiny", "1"));
    assertThrows(UsageException.class, () -> run("--small", "--large"));
    assertThrows(UsageException.class, () -> run("--workers", "none"));
  }

  private int run(String... arguments) throws Exception {
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    return new ModelCheck().run(Arguments.parse(List.of(arguments), FLAGS), out);
  }

  private String text() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}

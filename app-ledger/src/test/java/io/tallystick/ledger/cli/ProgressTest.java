package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void showsShareRateAndTimeLeft() {
    String line = Progress.line("appending", 1_450, 2_900, 1_000_000_000L, "entries");
    assertEquals(
        "appending  ▕"
            + "█".repeat(14)
            + " ".repeat(14)
            + "▏  50%  1,450/2,900  1,450 entries/s  0:01 left  ",
        line);
  }

  @Test
  void hasTheSameWidthAtEveryShare() {
    for (int i = 0; i <= 1_000; i++) {
      String line = Progress.line("x", i, 1_000, 1, "y");
      assertEquals(Progress.line("x", 0, 1_000, 1, "y").indexOf('%'), line.indexOf('%'), line);
    }
  }

  @Test
  void staysSilentWhereThereIsNoTerminal() {
    StringWriter err = new StringWriter();
    try (Progress progress = new Progress(new PrintWriter(err, true), false, "x", "y", 10)) {
      progress.add(5);
      progress.note("z");
    }
    assertEquals("", err.toString());
  }
}

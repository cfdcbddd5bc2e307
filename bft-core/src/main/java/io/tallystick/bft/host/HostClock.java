package io.tallystick.bft.host;

import io.tallystick.bft.engine.Now;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Where the host reads time, once for each step: a seam, so that a clock can be wrong in tests. */
public interface HostClock {
  /** The time now. */
  Now now();

  /** The machine's clocks. */
  static HostClock system() {
    return () ->
        new Now(
            System.nanoTime() / 1_000_000, ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }
}

package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A minute of faults against real processes; {@code tests/run processes} has the long form. */
class FaultRunTest {
  @RegisterExtension static final Processes PROCESSES = new Processes();

  @Test
  @DisplayName("S7 S55 S68 S74 kills and freezes under load: nothing acknowledged is lost or moved")
  void keepsWhatItAcknowledgedThroughAMinuteOfFaults() throws Exception {
    FaultRun run = new FaultRun(PROCESSES, PROCESSES.init("ledger").start());
    run.strike(Duration.ofSeconds(40), new Random(4));
    assertEquals(List.of(), run.violations(), run::toString);
    assertTrue(run.history().size() > 20, run::toString);
  }
}

package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code tally demo}: everything at once, for somebody who has nothing. */
class DemoTest {
  private static final Duration DEMO = Duration.ofMinutes(2);
  private static final int EVENTS = 600;

  @RegisterExtension static final Processes PROCESSES = new Processes();

  @Test
  @DisplayName("S69 the demo ends with an export that verifies offline")
  void leavesAnExportThatVerifies() throws Exception {
    Path events = PROCESSES.home().resolve("events.ndjson");
    Files.write(events, Events.make(EVENTS));
    Path directory = PROCESSES.home().resolve("demo");
    Running demo = PROCESSES.start("demo", "--dir", directory.toString(), events.toString());
    demo.expect(0, DEMO);

    Path export = directory.resolve("export");
    long size = 1 + EVENTS;
    assertEquals(
        size, Long.parseLong(Files.readString(export.resolve("checkpoint")).split("\n")[1]));
    assertEquals(ExportLayout.files(size), ExportLayout.found(export));
    String hash =
        PROCESSES
            .run(Cluster.COMMAND, "config", "genesis-hash", directory.toString())
            .expect(0, Cluster.COMMAND)
            .out()
            .strip();
    PROCESSES
        .run(Cluster.COMMAND, "verify", export.toString(), "--genesis", hash)
        .expect(0, Cluster.COMMAND);

    Cluster left = new Cluster(PROCESSES, directory, 1);
    assertEquals(5, left.nodes().size());
    for (String node : left.nodes()) {
      assertFalse(Files.exists(left.at(node).resolve("pid")), node + " still runs");
    }
    assertTrue(demo.out().contains(Integer.toString(EVENTS)), demo::report);
  }
}

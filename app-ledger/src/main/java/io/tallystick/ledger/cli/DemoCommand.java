package io.tallystick.ledger.cli;

import io.tallystick.ledger.dev.DemoRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally demo}: the main job, for somebody who has nothing yet. */
@Command(
    name = "demo",
    description = {
      "Shows it all once: brings a cluster up, appends events, kills a backup in the middle and"
          + " brings it back, shows a receipt, exports, and verifies the export offline."
    },
    footer = {"", "Exit status: 0 only if all of that held."})
final class DemoCommand extends CommandBase {
  @Option(
      names = "--dir",
      description = "Leave the cluster there, and the export in DIR/export; default: temporary.")
  private Path directory;

  @Parameters(
      paramLabel = "FILE",
      description = "NDJSON to append; none: this directory's git history, else our own files.")
  private List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    for (Path file : files) {
      if (!Files.isReadable(file)) {
        throw misused("FILE: " + file + ": can't be read");
      }
    }
    return new DemoRun(directory, files, out(), err()).run();
  }
}

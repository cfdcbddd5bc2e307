package io.tallystick.ledger.cli;

import io.tallystick.ledger.daemon.ReplicaDaemon;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally replica}: runs a replica until it is told to stop. */
@Command(
    name = "replica",
    description = "Runs one replica until SIGTERM or SIGINT; its node file says how.")
final class ReplicaCommand extends CommandBase {
  @Option(names = "--config", required = true, description = "The replica's node.yaml.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    return ReplicaDaemon.run(config);
  }
}

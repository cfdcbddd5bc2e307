package io.tallystick.ledger.cli;

import io.tallystick.ledger.daemon.GatewayDaemon;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally gateway}: runs a gateway until it is told to stop. */
@Command(
    name = "gateway",
    description = "Runs one gateway until SIGTERM or SIGINT; its node file says how.")
final class GatewayCommand extends CommandBase {
  @Option(names = "--config", required = true, description = "The gateway's node.yaml.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    return GatewayDaemon.run(config);
  }
}

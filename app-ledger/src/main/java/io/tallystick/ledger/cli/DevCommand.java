package io.tallystick.ledger.cli;

import io.tallystick.ledger.dev.DevCluster;
import io.tallystick.ledger.dev.DevRun;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally dev}: a whole cluster of processes on this machine. */
@Command(
    name = "dev",
    description = {
      "Runs a whole cluster on this machine: replicas and a gateway as separate processes. Makes it"
          + " when the directory is new, else goes on with the same ledger. Stops them all on"
          + " Ctrl-C."
    })
final class DevCommand extends CommandBase {
  @Option(
      names = "--dir",
      defaultValue = "tallystick-dev",
      description = "Where everything is kept; default: ./tallystick-dev.")
  private Path directory;

  @Option(names = "--port", description = "The gateway's port; default: 8080, or as before.")
  private Integer port;

  @Option(names = "--replicas", description = "4 to 13; default: 4, or as before.")
  private Integer replicas;

  @Option(
      names = "--clients",
      defaultValue = "0",
      description = "So many more direct clients under clients/, granted in genesis.")
  private int clients;

  @Override
  public Integer call() throws Exception {
    DevCluster.Wish wish =
        new DevCluster.Wish(
            directory, port == null ? 0 : port, replicas == null ? 0 : replicas, clients);
    return new DevRun(wish, out(), err()).run();
  }
}

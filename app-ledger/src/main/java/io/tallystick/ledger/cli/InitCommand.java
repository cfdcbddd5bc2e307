package io.tallystick.ledger.cli;

import io.tallystick.config.Genesis;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally init}: keys, genesis and node files. */
@Command(
    name = "init",
    description = {
      "Makes keys, genesis and node files of a new cluster.",
      "",
      "Alone it makes everything, for one operator who runs all replicas. Operators who don't trust"
          + " one another each run 'init replica', and one of them 'init genesis'."
    },
    subcommands = {InitReplicaCommand.class, InitGatewayCommand.class, InitGenesisCommand.class})
final class InitCommand extends CommandBase {
  @Option(names = "--replicas", defaultValue = "4", description = "4 to 13; default: 4.")
  private int replicas;

  @Option(
      names = "--origin",
      defaultValue = "",
      description = "The ledger's name, a URL without its scheme; default: one is drawn.")
  private String origin;

  @Option(
      names = "--clients",
      defaultValue = "0",
      description = "So many direct clients under clients/, granted in genesis.")
  private int clients;

  @Option(
      names = "--port",
      defaultValue = "8080",
      description = "The gateway's port on loopback; default: 8080.")
  private int port;

  @Parameters(paramLabel = "DIR", arity = "0..1", description = "A new or an empty directory.")
  private Path directory;

  @Override
  public Integer call() throws Exception {
    if (directory == null) {
      throw misused("missing: DIR, or one of the commands replica, gateway, genesis");
    }
    Genesis genesis = ClusterInit.make(new ClusterPlan(directory, replicas, clients, origin, port));
    out().println("ledger        " + genesis.origin());
    out().println("genesis hash  " + genesis.hash());
    out().println();
    out().println("Run it all on this machine:   tally dev --dir " + directory);
    out()
        .println(
            "or each process by itself:    tally replica --config "
                + directory.resolve("replica-0/node.yaml"));
    out()
        .println(
            "                              tally gateway --config "
                + directory.resolve("gateway/node.yaml"));
    return ExitStatus.DONE;
  }
}

package io.tallystick.ledger.cli;

import io.tallystick.config.ConfigException;
import io.tallystick.config.Genesis;
import io.tallystick.config.JsonObject;
import io.tallystick.config.NodeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code tally config}: looks at configuration. */
@Command(
    name = "config",
    description = "Shows and checks configuration.",
    subcommands = {
      ConfigCommand.Show.class,
      ConfigCommand.GenesisHash.class,
      ConfigCommand.Policy.class
    })
final class ConfigCommand extends CommandBase {
  @Override
  public Integer call() {
    throw misused("missing: one of the commands show, genesis-hash, policy");
  }

  private static Genesis genesis(Path path) throws ConfigException {
    return Genesis.read(Files.isDirectory(path) ? path.resolve("genesis.json") : path);
  }

  /** All values of a node file, defaults too. */
  @Command(
      name = "show",
      description = "Checks a node file, and prints all values: those given, and defaults.")
  static final class Show extends CommandBase {
    @Parameters(paramLabel = "FILE", description = "A node.yaml or client.yaml.")
    private Path file;

    @Mixin private JsonOption json;

    @Override
    public Integer call() throws Exception {
      NodeConfig config = NodeConfig.read(file);
      if (json.enabled) {
        out()
            .println(
                new JsonObject()
                    .put("genesis_hash", config.genesis().hash().toHex())
                    .put("config_hash", config.effective().hash().toHex())
                    .put("yaml", config.effective().yaml()));
      } else {
        out().print(config.effective().yaml());
        out().println("# genesis hash " + config.genesis().hash());
        out().println("# config hash  " + config.effective().hash());
      }
      return ExitStatus.DONE;
    }
  }

  /** The hash that pins a ledger. */
  @Command(
      name = "genesis-hash",
      description =
          "Checks a genesis.json, and prints its SHA-256, as 'verify --genesis' takes it.")
  static final class GenesisHash extends CommandBase {
    @Parameters(paramLabel = "DIR|FILE", description = "A genesis.json, or where one is.")
    private Path path;

    @Override
    public Integer call() throws Exception {
      out().println(genesis(path).hash().toHex());
      return ExitStatus.DONE;
    }
  }

  /** The trust policy that follows from a genesis. */
  @Command(
      name = "policy",
      description = "Checks a genesis.json, and prints its trust policy (C2SP tlog-policy).")
  static final class Policy extends CommandBase {
    @Parameters(paramLabel = "DIR|FILE", description = "A genesis.json, or where one is.")
    private Path path;

    @Override
    public Integer call() throws Exception {
      out().print(genesis(path).policy());
      return ExitStatus.DONE;
    }
  }
}

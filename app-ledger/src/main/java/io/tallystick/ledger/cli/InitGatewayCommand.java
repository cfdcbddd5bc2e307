package io.tallystick.ledger.cli;

import io.tallystick.config.Address;
import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.PrivateKey;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally init gateway}: one gateway's keys and node file. */
@Command(
    name = "gateway",
    description = {
      "Makes a gateway's keys, which stay where they are, and client.pub, which is public: give it"
          + " to whoever runs 'tally init genesis'."
    })
final class InitGatewayCommand extends CommandBase {
  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where.")
  private Path directory;

  @Option(
      names = "--listen",
      defaultValue = "127.0.0.1:8080",
      description = "host:port of HTTP; default: 127.0.0.1:8080.")
  private String listen;

  @Override
  public Integer call() throws Exception {
    Address address;
    try {
      address = Address.parse(listen);
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
    NewKeys.directory(directory);
    PrivateKey client = NewKeys.key(directory.resolve("client.pem"));
    NewKeys.key(directory.resolve("token.pem"));
    KeyFile.createPublic(directory.resolve("client.pub"), client.publicKey());
    NewKeys.text(directory.resolve("node.yaml"), NodeFiles.gateway("genesis.json", address));
    out().println("public, to hand over:  " + directory.resolve("client.pub"));
    out().println("private, stays here:   " + directory.resolve("client.pem"));
    out().println("                       " + directory.resolve("token.pem"));
    return ExitStatus.DONE;
  }
}

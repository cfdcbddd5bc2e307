package io.tallystick.ledger.cli;

import io.tallystick.bft.host.DataDirectory;
import io.tallystick.config.Address;
import io.tallystick.crypto.PrivateKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tally init replica}: one replica's keys, and what others need to know of it. */
@Command(
    name = "replica",
    description = {
      "Makes one replica's keys, which stay where they are, and replica.json, which is public and"
          + " signed with them: give it to whoever runs 'tally init genesis'."
    })
final class InitReplicaCommand extends CommandBase {
  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where.")
  private Path directory;

  @Option(
      names = "--address",
      defaultValue = "",
      description = "host:port where others reach it; default: a free port of 127.0.0.1.")
  private String address;

  @Option(
      names = "--admin-address",
      defaultValue = "",
      description = "host:port of metrics and health; default: a free port of 127.0.0.1.")
  private String adminAddress;

  @Option(names = "--id", description = "Its id; default: given by 'init genesis', in its order.")
  private Integer id;

  @Override
  public Integer call() throws Exception {
    List<Integer> ports = FreePorts.choose(2, new SecureRandom());
    Address listen = address(address, ports.get(0));
    Address admin = address(adminAddress, ports.get(1));
    NewKeys.directory(directory);
    PrivateKey identity = NewKeys.key(directory.resolve("identity.pem"));
    PrivateKey cosignature = NewKeys.key(directory.resolve("cosignature.pem"));
    ReplicaDescription description =
        new ReplicaDescription(
            identity.publicKey(), cosignature.publicKey(), listen, Optional.ofNullable(id));
    NewKeys.text(directory.resolve("replica.json"), description.sign(identity, cosignature));
    NewKeys.text(
        directory.resolve("node.yaml"),
        NodeFiles.replica(id == null ? -1 : id, "genesis.json", listen, admin));
    DataDirectory.initialize(directory.resolve("data"));
    out().println("public, to hand over:  " + directory.resolve("replica.json"));
    out().println("private, stays here:   " + directory.resolve("identity.pem"));
    out().println("                       " + directory.resolve("cosignature.pem"));
    out().println();
    out()
        .println(
            "Then put genesis.json and log.pem (from hand to hand; mode 0600) into "
                + directory
                + ", compare");
    out()
        .println(
            "'tally config genesis-hash "
                + directory
                + "' with the others, and run 'tally replica --config "
                + directory.resolve("node.yaml")
                + "'.");
    return ExitStatus.DONE;
  }

  private Address address(String text, int freePort) {
    try {
      return text.isEmpty() ? new Address("127.0.0.1", freePort) : Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw misused(String.valueOf(e.getMessage()));
    }
  }
}

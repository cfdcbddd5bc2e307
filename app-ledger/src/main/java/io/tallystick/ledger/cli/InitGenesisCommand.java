package io.tallystick.ledger.cli;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Administrators;
import io.tallystick.config.ConfigException;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.config.JsonException;
import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally init genesis}: checks and combines what the operators handed over. */
@Command(
    name = "genesis",
    description = {
      "Checks the signatures of all replica.json files, and combines them into genesis.json.",
      "Also makes the log key (log.pem), which goes to all operators from hand to hand."
    })
final class InitGenesisCommand extends CommandBase {
  @Option(names = "--origin", required = true, description = "A URL without its scheme.")
  private String origin;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Where; default: here.")
  private Path directory;

  @Option(
      names = "--client",
      paramLabel = "PUBLIC-KEY",
      description = "PEM file of a client that may append and read, a gateway's client.pub say.")
  private List<Path> clients = new ArrayList<>();

  @Option(
      names = "--admin",
      paramLabel = "PUBLIC-KEY",
      description = "PEM file of an administrator's key; default: one is made, admin.pem.")
  private List<Path> administrators = new ArrayList<>();

  @Option(
      names = "--admin-quorum",
      defaultValue = "1",
      description = "How many administrators must sign an order; default: 1.")
  private int quorum;

  @Parameters(
      paramLabel = "replica.json",
      arity = "1..*",
      description = "One from each replica; those without an id are numbered in this order.")
  private List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    List<GenesisReplica> replicas = replicas();
    List<GrantSpec> grants =
        clients.stream()
            .map(KeyFile::readPublic)
            .flatMap(key -> GrantSpec.everything(key, Role.APPEND, Role.READ, Role.ADMIN).stream())
            .toList();
    List<PublicKey> admins = new ArrayList<>();
    administrators.forEach(file -> admins.add(KeyFile.readPublic(file)));
    PrivateKey own = NewKeys.key();
    if (admins.isEmpty()) {
      admins.add(own.publicKey());
    }
    PrivateKey log = NewKeys.key();
    Genesis genesis;
    try {
      genesis =
          Genesis.of(
              new Genesis.Contents(
                  origin,
                  ClusterInit.micros(Instant.now()),
                  log.publicKey(),
                  replicas,
                  new Administrators(admins, quorum),
                  grants,
                  io.tallystick.bft.membership.Parameters.defaults()));
    } catch (JsonException e) {
      throw new CommandException(ExitStatus.USAGE, e.path() + ": " + e.problem(), e);
    }
    write(genesis, log, own);
    report(genesis);
    return ExitStatus.DONE;
  }

  private void write(Genesis genesis, PrivateKey log, PrivateKey administrator) throws Exception {
    NewKeys.directory(directory);
    Path file = directory.resolve("genesis.json");
    if (Files.exists(file)) {
      throw new CommandException(ExitStatus.USAGE, file + ": exists already");
    }
    KeyFile.create(directory.resolve("log.pem"), log);
    if (administrators.isEmpty()) {
      KeyFile.create(directory.resolve("admin.pem"), administrator);
    }
    NewKeys.text(directory.resolve("policy"), genesis.policy());
    genesis.write(file);
  }

  private void report(Genesis genesis) {
    Table table = new Table("id", "address", "identity key");
    for (GenesisReplica replica : genesis.replicas()) {
      table.row(replica.id().value(), replica.address(), replica.member().identityKey());
    }
    table.print(out());
    out().println();
    out().println("genesis hash  " + genesis.hash());
    out().println("Every operator compares this hash with the others before starting.");
    if (clients.isEmpty()) {
      err().println("tally: no --client: until an order grants it, nobody may append");
    }
  }

  private List<GenesisReplica> replicas() throws ConfigException {
    List<ReplicaDescription> descriptions = new ArrayList<>();
    Set<Integer> taken = new HashSet<>();
    for (Path file : files) {
      ReplicaDescription description = ReplicaDescription.read(file);
      descriptions.add(description);
      if (description.id().isPresent() && !taken.add(description.id().get())) {
        throw new ConfigException(
            file, 1, "id: " + description.id().get() + " is another's too (expected: its own)");
      }
    }
    List<GenesisReplica> replicas = new ArrayList<>();
    int next = 0;
    for (ReplicaDescription description : descriptions) {
      int id;
      if (description.id().isPresent()) {
        id = description.id().get();
      } else {
        while (taken.contains(next)) {
          next++;
        }
        id = next++;
      }
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(id),
              origin,
              description.identityKey(),
              description.cosignatureKey(),
              description.address()));
    }
    replicas.sort(Comparator.comparing(GenesisReplica::id));
    return replicas;
  }
}

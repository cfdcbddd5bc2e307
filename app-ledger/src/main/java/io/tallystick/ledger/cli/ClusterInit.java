package io.tallystick.ledger.cli;

import io.tallystick.bft.host.DataDirectory;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Address;
import io.tallystick.config.Administrators;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.GrantSpec;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.config.JsonException;
import io.tallystick.config.NamePattern;
import io.tallystick.config.Token;
import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.ledger.daemon.DirectoryLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes everything that one operator needs to run a whole cluster on loopback: keys, genesis, trust
 * policy, node files, a token.
 */
public final class ClusterInit {
  /** Holds for so long from its making. */
  private static final Duration TOKEN_LIFE = Duration.ofDays(365);

  private static final String PRINCIPAL = "operator";

  private final ClusterPlan plan;
  private final Path directory;
  private final SecureRandom random = new SecureRandom();
  private final List<GenesisReplica> replicas = new ArrayList<>();
  private final List<GrantSpec> grants = new ArrayList<>();

  private ClusterInit(ClusterPlan plan) {
    this.plan = plan;
    this.directory = plan.directory();
  }

  /** Makes it, and answers the genesis that was written. */
  public static Genesis make(ClusterPlan plan) throws IOException {
    return new ClusterInit(plan).make();
  }

  private Genesis make() throws IOException {
    refuseOccupied(directory);
    NewKeys.directory(directory);
    long nowMicros = micros(Instant.now());
    String origin = plan.origin();
    if (origin.isEmpty()) {
      byte[] name = new byte[4];
      random.nextBytes(name);
      origin = "ledger.localhost/" + HexFormat.of().formatHex(name);
    }
    PrivateKey log = NewKeys.key();
    makeReplicas(origin, log);
    makeGateway(nowMicros);
    makeClient(directory, "genesis.json", "client");
    for (int i = 0; i < plan.clients(); i++) {
      makeClient(directory.resolve("clients/" + i), "../../genesis.json", "client-" + i);
    }
    PrivateKey administrator = NewKeys.key(directory.resolve("admin.pem"));
    Genesis genesis;
    try {
      genesis =
          Genesis.of(
              new Genesis.Contents(
                  origin,
                  nowMicros,
                  log.publicKey(),
                  replicas,
                  new Administrators(List.of(administrator.publicKey()), 1),
                  grants,
                  Parameters.defaults()));
    } catch (JsonException e) {
      throw new CommandException(ExitStatus.USAGE, e.path() + ": " + e.problem(), e);
    }
    NewKeys.text(directory.resolve("policy"), genesis.policy());
    // Last: a directory with a genesis is whole
    genesis.write(directory.resolve("genesis.json"));
    return genesis;
  }

  /** Refuses a directory with anything in it but a lock. */
  public static void refuseOccupied(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    if (!Files.isDirectory(directory)) {
      throw new CommandException(ExitStatus.USAGE, directory + ": not a directory");
    }
    try (Stream<Path> inside = Files.list(directory)) {
      if (inside.anyMatch(path -> !path.endsWith(DirectoryLock.FILE))) {
        throw new CommandException(
            ExitStatus.USAGE, directory + ": not empty (expected: a new or an empty directory)");
      }
    }
  }

  private void makeReplicas(String origin, PrivateKey log) throws IOException {
    List<Integer> ports = FreePorts.choose(2 * plan.replicas(), random);
    for (int i = 0; i < plan.replicas(); i++) {
      Path home = directory.resolve("replica-" + i);
      NewKeys.directory(home);
      PrivateKey identity = NewKeys.key(home.resolve("identity.pem"));
      PrivateKey cosignature = NewKeys.key(home.resolve("cosignature.pem"));
      KeyFile.create(home.resolve("log.pem"), log);
      Address listen = new Address("127.0.0.1", ports.get(i));
      Address admin = new Address("127.0.0.1", ports.get(plan.replicas() + i));
      NewKeys.text(
          home.resolve("node.yaml"), NodeFiles.replica(i, "../genesis.json", listen, admin));
      DataDirectory.initialize(home.resolve("data"));
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(i), origin, identity.publicKey(), cosignature.publicKey(), listen));
    }
  }

  private void makeGateway(long nowMicros) throws IOException {
    Path home = directory.resolve("gateway");
    NewKeys.directory(home);
    PrivateKey client = NewKeys.key(home.resolve("client.pem"));
    PrivateKey token = NewKeys.key(home.resolve("token.pem"));
    int port = plan.gatewayPort() > 0 ? plan.gatewayPort() : FreePorts.choose(1, random).getFirst();
    NewKeys.text(
        home.resolve("node.yaml"),
        NodeFiles.gateway("../genesis.json", new Address("127.0.0.1", port)));
    grants.addAll(GrantSpec.everything(client.publicKey(), Role.APPEND, Role.READ, Role.ADMIN));
    Token.Claims claims =
        new Token.Claims(
            PRINCIPAL,
            EnumSet.allOf(Token.Scope.class),
            List.of(new NamePattern("*")),
            nowMicros + TOKEN_LIFE.toNanos() / 1_000);
    NewKeys.secret(directory.resolve("token"), Token.issue(token, claims) + "\n");
  }

  private void makeClient(Path home, String genesis, String principal) throws IOException {
    NewKeys.directory(home);
    PrivateKey key = NewKeys.key(home.resolve("client.pem"));
    NewKeys.text(home.resolve("client.yaml"), NodeFiles.client(genesis, principal));
    grants.addAll(GrantSpec.everything(key.publicKey(), Role.APPEND, Role.READ));
  }

  static long micros(Instant instant) {
    return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
  }
}

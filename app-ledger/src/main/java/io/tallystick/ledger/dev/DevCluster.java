package io.tallystick.ledger.dev;

import io.tallystick.config.Address;
import io.tallystick.config.ConfigException;
import io.tallystick.config.GatewayConfig;
import io.tallystick.config.Genesis;
import io.tallystick.config.GenesisReplica;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.ReplicaConfig;
import io.tallystick.ledger.cli.ClusterInit;
import io.tallystick.ledger.cli.ClusterPlan;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import io.tallystick.ledger.cli.FreePorts;
import io.tallystick.ledger.cli.GatewayHttp;
import io.tallystick.ledger.daemon.DirectoryLock;
import io.tallystick.ledger.daemon.PidFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A cluster under one directory, all of whose processes are children of this one. Not thread-safe,
 * but for {@link #stop}, which the shutdown hook calls.
 */
public final class DevCluster implements AutoCloseable {
  private static final int GATEWAY_PORT = 8080;
  private static final long READY_SECONDS_MAX = 90;
  private static final long POLL_MILLIS = 50;
  private static final long STOP_MILLIS_MAX = 15_000;

  private final Path directory;
  private final Genesis genesis;
  private final Address gateway;
  private final DirectoryLock lock;
  private final List<Child> children = new ArrayList<>();
  private boolean stopping;

  /**
   * What is wanted.
   *
   * @param directory where the cluster is, or is to be made
   * @param port the gateway's on loopback; 0: as before, or 8080; −1: as before, or any free one
   * @param replicas how many; 0: as before, or 4
   * @param clients how many direct clients besides the first, when it is made
   */
  public record Wish(Path directory, int port, int replicas, int clients) {}

  private DevCluster(Path directory, Genesis genesis, Address gateway, DirectoryLock lock) {
    this.directory = directory;
    this.genesis = genesis;
    this.gateway = gateway;
    this.lock = lock;
  }

  /** Makes the cluster when it isn't there, and refuses one that runs; starts nothing yet. */
  public static DevCluster open(Wish wish) throws IOException, ConfigException {
    Path directory = wish.directory().toAbsolutePath().normalize();
    if (!Files.exists(directory.resolve("genesis.json"))) {
      ClusterInit.refuseOccupied(directory);
    }
    DirectoryLock lock = DirectoryLock.lock(directory);
    try {
      Path genesisFile = directory.resolve("genesis.json");
      Genesis genesis =
          Files.exists(genesisFile)
              ? known(wish, Genesis.read(genesisFile))
              : make(wish, directory);
      DevCluster cluster =
          new DevCluster(directory, genesis, gatewayAddress(wish, directory), lock);
      cluster.refuseRunning();
      if (!FreePorts.isFree(cluster.gateway.port())) {
        throw new CommandException(
            ExitStatus.USAGE,
            "port: " + cluster.gateway.port() + " is in use (expected: a free one; say --port)");
      }
      return cluster;
    } catch (IOException | ConfigException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static Genesis make(Wish wish, Path directory) throws IOException {
    int port = wish.port() == 0 ? GATEWAY_PORT : Math.max(0, wish.port());
    int replicas = wish.replicas() == 0 ? 4 : wish.replicas();
    return ClusterInit.make(new ClusterPlan(directory, replicas, wish.clients(), "", port));
  }

  private static Genesis known(Wish wish, Genesis genesis) {
    int n = genesis.replicas().size();
    if (wish.replicas() != 0 && wish.replicas() != n) {
      throw new CommandException(
          ExitStatus.USAGE,
          "--replicas: "
              + wish.replicas()
              + ", but the cluster in "
              + wish.directory()
              + " has "
              + n
              + " (expected: the same, or another directory)");
    }
    return genesis;
  }

  /** Where the gateway listens; another port than before is written into its node file. */
  private static Address gatewayAddress(Wish wish, Path directory)
      throws IOException, ConfigException {
    Path file = directory.resolve("gateway/node.yaml");
    Address before = NodeConfig.read(file, GatewayConfig.class).listen();
    if (wish.port() <= 0 || wish.port() == before.port()) {
      return before;
    }
    Address now = new Address(before.host(), wish.port());
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("(?m)^listen:.*$", "listen: \"" + now + "\""));
    return NodeConfig.read(file, GatewayConfig.class).listen();
  }

  private void refuseRunning() throws IOException, ConfigException {
    List<String> running = new ArrayList<>();
    for (String name : names()) {
      Path nodeFile = nodeFile(name);
      NodeConfig config = NodeConfig.read(nodeFile);
      Path data =
          config instanceof ReplicaConfig replica
              ? replica.dataDirectory()
              : ((GatewayConfig) config).dataDirectory();
      if (DirectoryLock.isLocked(data)) {
        var pid = PidFile.read(nodeFile);
        running.add(name + (pid.isPresent() ? " (process " + pid.getAsLong() + ")" : ""));
      }
    }
    if (!running.isEmpty()) {
      throw new CommandException(
          ExitStatus.USAGE,
          directory
              + ": these still run: "
              + String.join(", ", running)
              + " (expected: none; stop them first)");
    }
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (GenesisReplica replica : genesis.replicas()) {
      names.add("replica-" + replica.id().value());
    }
    names.add("gateway");
    return names;
  }

  private Path nodeFile(String name) {
    return directory.resolve(name).resolve("node.yaml");
  }

  /** Starts all processes at once. */
  public synchronized void start() throws IOException {
    for (String name : names()) {
      if (!stopping) {
        String kind = name.equals("gateway") ? "gateway" : "replica";
        children.add(Child.start(name, kind, nodeFile(name)));
      }
    }
  }

  /**
   * Waits until the gateway says that appends are served.
   *
   * @throws CommandException when a process ends before, or it takes too long
   */
  public void awaitReady() throws IOException, InterruptedException {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS_MAX);
    String state = "the gateway doesn't answer";
    try (GatewayHttp http = new GatewayHttp(uri(), "")) {
      while (true) {
        for (Child child : children()) {
          if (child.hasNewlyDied()) {
            throw startFailed(child);
          }
        }
        if (System.nanoTime() - endNanos >= 0) {
          throw new CommandException(
              ExitStatus.FAILED,
              "not ready after "
                  + READY_SECONDS_MAX
                  + " s: "
                  + state
                  + "; logs: "
                  + directory
                  + "/*/log");
        }
        try {
          GatewayHttp.Answer answer = http.get("readyz", Duration.ofSeconds(2));
          if (answer.status() == 200) {
            return;
          }
          state = GatewayHttp.problem(answer);
        } catch (IOException e) {
          state = "the gateway doesn't answer";
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      }
    }
  }

  private static CommandException startFailed(Child child) throws IOException {
    int status = child.exitStatus();
    return new CommandException(
        status == ExitStatus.USAGE || status == ExitStatus.PERSON_NEEDED
            ? status
            : ExitStatus.FAILED,
        child.name()
            + " ended with status "
            + status
            + " while starting; the end of "
            + child.log()
            + ":\n"
            + child.logTail());
  }

  /** The processes. */
  synchronized List<Child> children() {
    return List.copyOf(children);
  }

  /** One of them. */
  Child child(String name) {
    return children().stream()
        .filter(child -> child.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("child: " + name));
  }

  /** The directory. */
  Path directory() {
    return directory;
  }

  /** What the cluster is. */
  Genesis genesis() {
    return genesis;
  }

  /** The gateway's URL, without a slash at its end. */
  String url() {
    return "http://" + gateway;
  }

  private URI uri() {
    return URI.create(url() + "/");
  }

  /** A connection with the token of the directory. */
  GatewayHttp connect() throws IOException {
    return new GatewayHttp(uri(), Files.readString(directory.resolve("token")).strip());
  }

  /** Stops all processes, in order if they can, and waits for them. */
  public void stop() throws InterruptedException {
    List<Child> all;
    synchronized (this) {
      stopping = true;
      all = List.copyOf(children);
    }
    all.forEach(Child::stop);
    long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS_MAX);
    for (Child child : all) {
      if (!child.waitFor(TimeUnit.NANOSECONDS.toMillis(endNanos - System.nanoTime()))) {
        child.kill();
      }
    }
  }

  @Override
  public void close() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      stop();
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      lock.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

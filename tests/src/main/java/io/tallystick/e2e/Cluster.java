package io.tallystick.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of {@code tally init}, and the processes that {@code tally dev} runs on it. */
final class Cluster {
  static final Duration READY = Duration.ofMinutes(1);
  static final Duration COMMAND = Duration.ofMinutes(1);

  private final Processes processes;
  private final Path directory;
  private final int port;
  private @Nullable Running dev;

  Cluster(Processes processes, Path directory, int port) {
    this.processes = processes;
    this.directory = directory;
    this.port = port;
  }

  /** Where it is. */
  Path directory() {
    return directory;
  }

  /** A file or directory of its. */
  Path at(String path) {
    return directory.resolve(path);
  }

  /** The gateway's port. */
  int gatewayPort() {
    return port;
  }

  /** The gateway, asked with the token that {@code init} made. */
  Http http() throws IOException {
    return http(Files.readString(at("token")).strip());
  }

  /** The gateway, asked with another token; an empty one: none. */
  Http http(String token) {
    return new Http(URI.create(url()), token);
  }

  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Runs {@code tally dev}, and waits until it says that appends are served. */
  Cluster start() throws IOException {
    Running running = processes.start("dev", "--dir", directory.toString());
    dev = running;
    Await.until(
        "'ready: " + url() + "' of " + running,
        READY,
        () -> {
          if (!running.process().isAlive()) {
            throw new AssertionError(running + " has ended\n" + running.report());
          }
          return running.out().lines().anyMatch(line -> line.equals("ready: " + url()));
        });
    return this;
  }

  /** The {@code tally dev} that was started last. */
  Running dev() {
    Running running = dev;
    if (running == null) {
      throw new IllegalStateException("not started");
    }
    return running;
  }

  /** Stops all of it orderly, as Ctrl-C does. */
  void stop() throws InterruptedException {
    Running running = dev();
    boolean asked = running.process().toHandle().destroy();
    if (!asked) {
      throw new AssertionError(running + " can't be stopped");
    }
    int status = running.exit(Duration.ofSeconds(30));
    if (status != 0 && status != 130 && status != 143) {
      throw new AssertionError("exit status " + status + "\n" + running.report());
    }
  }

  /** Kills everything at once with -9, the children before their {@code dev}. */
  void killAll() {
    List<ProcessHandle> children = nodes().stream().flatMap(this::find).toList();
    // All signals first, then wait: as near to a power cut as processes come
    for (ProcessHandle child : children) {
      boolean asked = child.destroyForcibly();
      if (!asked && child.isAlive()) {
        throw new AssertionError("process " + child.pid() + " can't be killed");
      }
    }
    Processes.end(dev().process().toHandle());
    children.forEach(Processes::end);
  }

  /** The same, and never fails: for the end of a test. */
  void endAll() {
    Running running = dev;
    if (running != null) {
      List<ProcessHandle> children = running.process().descendants().toList();
      Processes.end(running.process().toHandle());
      children.forEach(Processes::end);
    }
    nodes().stream().flatMap(this::find).forEach(Processes::end);
  }

  /** Names of all nodes: {@code replica-<id>} and {@code gateway}. */
  List<String> nodes() {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(path -> Files.exists(path.resolve("node.yaml")))
          .map(path -> path.getFileName().toString())
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The log files of all nodes that have one. */
  List<Path> logs() {
    return nodes().stream().map(node -> at(node).resolve("log")).filter(Files::exists).toList();
  }

  /** The process of a node, as its pid file says. */
  ProcessHandle process(String node) {
    return find(node)
        .findFirst()
        .orElseThrow(() -> new AssertionError(node + ": no process with the id in its pid file"));
  }

  private Stream<ProcessHandle> find(String node) {
    try {
      String text = Files.readString(at(node).resolve("pid")).strip();
      return ProcessHandle.of(Long.parseLong(text))
          // An old pid file may name a process that isn't ours
          .filter(handle -> isOurs(handle, node))
          .stream();
    } catch (NoSuchFileException e) {
      return Stream.empty();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOurs(ProcessHandle handle, String node) {
    Path commandLine = Path.of("/proc", Long.toString(handle.pid()), "cmdline");
    try {
      // Not from the handle: the JDK knows no arguments when they are longer than a page
      String text = Files.readString(commandLine, StandardCharsets.ISO_8859_1);
      return List.of(text.split("\0", -1)).contains(at(node).resolve("node.yaml").toString());
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills one node with -9. */
  void kill(String node) {
    Processes.end(process(node));
  }

  /** Stops one node's process where it is; {@link #thaw} lets it go on. */
  void freeze(String node) throws IOException, InterruptedException {
    signal("-STOP", node);
  }

  void thaw(String node) throws IOException, InterruptedException {
    signal("-CONT", node);
  }

  private void signal(String signal, String node) throws IOException, InterruptedException {
    String pid = Long.toString(process(node).pid());
    Process kill = new ProcessBuilder("kill", signal, pid).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new AssertionError("kill " + signal + " " + pid + " failed");
    }
  }

  /** Starts one replica by hand. */
  Running startReplica(int id) throws IOException {
    return processes.start("replica", "--config", at("replica-" + id + "/node.yaml").toString());
  }

  /** Runs a command that talks to the gateway, with its URL and the operator's token. */
  Running tally(String command, String... arguments) throws IOException, InterruptedException {
    Running running = begin(command, arguments);
    int status = running.exit(COMMAND);
    return status < 0 ? running.expect(0, COMMAND) : running;
  }

  /** Starts such a command, and doesn't wait. */
  Running begin(String command, String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(command, "--url", url()));
    all.addAll(List.of("--token-file", at("token").toString()));
    all.addAll(List.of(arguments));
    return processes.start(all.toArray(String[]::new));
  }

  /** The genesis hash, as the command line prints it. */
  String genesisHash() throws IOException, InterruptedException {
    Running running = processes.run(COMMAND, "config", "genesis-hash", directory.toString());
    return running.expect(0, COMMAND).out().strip();
  }

  /** Appends text to a node's file: settings that the test wants otherwise. */
  void configure(String node, String yaml) throws IOException {
    Path file = at(node).resolve("node.yaml");
    Files.writeString(file, Files.readString(file) + yaml);
  }

  /** The port in a replica's node file under a key: {@code listen} or {@code admin_address}. */
  int replicaPort(int id, String key) throws IOException {
    Pattern line = Pattern.compile("(?m)^" + key + ": *\"127\\.0\\.0\\.1:([0-9]+)\"");
    Matcher found = line.matcher(Files.readString(at("replica-" + id + "/node.yaml")));
    if (!found.find()) {
      throw new AssertionError("replica-" + id + "/node.yaml has no " + key);
    }
    return Integer.parseInt(found.group(1));
  }

  /** What a replica counts. */
  Metrics metrics(int id) throws IOException, InterruptedException {
    URI base = URI.create("http://127.0.0.1:" + replicaPort(id, "admin_address"));
    Http.Reply reply = new Http(base, "").get("/metrics");
    if (reply.status() != 200) {
      throw new IOException("replica " + id + " metrics: " + reply.status());
    }
    return Metrics.parse(reply.text());
  }

  /** A replica's row of {@code /v1/cluster}; empty while it is unreachable. */
  Optional<JsonNode> standing(int id) throws IOException, InterruptedException {
    return standing(http().get("/v1/cluster").json(), id);
  }

  /** Waits until this replica has executed as much as replica 1, with the same head. */
  void awaitCaughtUp(int id, Duration limit) {
    Await.until(
        "replica " + id + " to stand where the others do",
        limit,
        () -> {
          JsonNode cluster = http().get("/v1/cluster").json();
          Optional<JsonNode> other = standing(cluster, id == 1 ? 2 : 1);
          Optional<JsonNode> its = standing(cluster, id);
          return other.isPresent()
              && its.isPresent()
              && Stream.of("executed", "size", "root")
                  .allMatch(key -> its.get().get(key).equals(other.get().get(key)));
        },
        this::cluster);
  }

  private static Optional<JsonNode> standing(JsonNode cluster, int id) {
    for (JsonNode row : cluster.path("replicas")) {
      if (row.path("id").asInt(-1) == id && row.path("reachable").asBoolean() && row.has("root")) {
        return Optional.of(row);
      }
    }
    return Optional.empty();
  }

  private String cluster() {
    try {
      return http().get("/v1/cluster").text();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }
}

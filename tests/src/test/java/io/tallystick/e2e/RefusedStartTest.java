package io.tallystick.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node that is configured wrongly doesn't start: exit status 2, and what would be right. */
class RefusedStartTest {
  private static final Duration REFUSED = Duration.ofSeconds(20);

  @RegisterExtension static final Processes PROCESSES = new Processes();

  /** Never started; copies of it are spoilt. */
  private static Cluster pristine;

  private static int copies;

  @BeforeAll
  static void makesACluster() throws Exception {
    pristine = PROCESSES.init("pristine");
  }

  @Test
  void refusesAnUnknownKey() throws Exception {
    Path copy = copy();
    Path node = copy.resolve("replica-2/node.yaml");
    Files.writeString(node, Files.readString(node) + "storage:\n  jurnal_bytes: 5\n");
    int line = (int) Files.readString(node).lines().count();
    refused("replica", node, node + ":" + line + ": ", "storage.jurnal_bytes", "unknown key");
    Running show = PROCESSES.run(REFUSED, "config", "show", node.toString());
    assertEquals(2, show.exit(Duration.ZERO), show::report);
  }

  @Test
  void refusesAValueThatIsOutOfItsRange() throws Exception {
    Path copy = copy();
    Path node = copy.resolve("gateway/node.yaml");
    Files.writeString(node, Files.readString(node) + "limits:\n  wait_millis: soon\n");
    int line = (int) Files.readString(node).lines().count();
    refused("gateway", node, node + ":" + line + ": ", "limits.wait_millis: soon", "expected");
  }

  @Test
  void refusesThreeReplicas() throws Exception {
    Path copy = copy();
    ObjectNode genesis = genesis(copy);
    ((ArrayNode) genesis.get("replicas")).remove(3);
    Files.writeString(copy.resolve("genesis.json"), genesis.toString());
    refused(
        "replica", copy.resolve("replica-0/node.yaml"), "genesis.json:1", "replicas", "4 to 13");
  }

  @Test
  @DisplayName("S25 two replicas with one key, or a replica's key for a client, are refused")
  void refusesTwoEqualKeys() throws Exception {
    Path copy = copy();
    ObjectNode genesis = genesis(copy);
    ArrayNode replicas = (ArrayNode) genesis.get("replicas");
    ((ObjectNode) replicas.get(2)).set("key", replicas.get(1).get("key"));
    Files.writeString(copy.resolve("genesis.json"), genesis.toString());
    refused(
        "replica",
        copy.resolve("replica-0/node.yaml"),
        "genesis.json:1",
        "replicas[2].key",
        "replica 1");

    ObjectNode other = genesis(pristine.directory());
    String identity = other.get("replicas").get(1).get("key").asText();
    ((ObjectNode) other.get("grants").get(0)).put("client", identity);
    Files.writeString(copy.resolve("genesis.json"), other.toString());
    refused(
        "replica", copy.resolve("replica-0/node.yaml"), "genesis.json:1", "grants", "replica 1");
  }

  @Test
  void refusesAPortThatIsInUse() throws Exception {
    Path copy = copy();
    Path node = copy.resolve("replica-1/node.yaml");
    int port = pristine.replicaPort(1, "listen");
    try (ServerSocket _ = Ports.listen(port)) {
      refused("replica", node, Integer.toString(port), "in use");
    }
    int admin = pristine.replicaPort(1, "admin_address");
    try (ServerSocket _ = Ports.listen(admin)) {
      refused("replica", node, Integer.toString(admin), "in use");
    }
    try (ServerSocket _ = Ports.listen(pristine.gatewayPort())) {
      Path gateway = copy.resolve("gateway/node.yaml");
      refused("gateway", gateway, Integer.toString(pristine.gatewayPort()), "in use");
    }
  }

  @Test
  void refusesAKeyFileThatOthersCanRead() throws Exception {
    Path copy = copy();
    for (Map.Entry<String, String> each :
        Map.of(
                "replica-3/identity.pem", "replica",
                "replica-3/cosignature.pem", "replica",
                "replica-3/log.pem", "replica",
                "gateway/client.pem", "gateway",
                "gateway/token.pem", "gateway")
            .entrySet()) {
      Path key = copy.resolve(each.getKey());
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      refused(each.getValue(), key.resolveSibling("node.yaml"), key.toString(), "600");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void refusesAKeyThatIsNotTheOneInGenesis() throws Exception {
    Path copy = copy();
    Path key = copy.resolve("replica-3/identity.pem");
    Files.write(key, Files.readAllBytes(copy.resolve("replica-2/identity.pem")));
    refused("replica", copy.resolve("replica-3/node.yaml"), key.toString());
  }

  @Test
  @DisplayName("S59 a replica whose data is gone refuses to start from nothing")
  void refusesADataDirectoryThatWasLost() throws Exception {
    Path copy = copy();
    Path data = copy.resolve("replica-2/data");
    delete(data);
    Running refused =
        PROCESSES.run(
            REFUSED, "replica", "--config", copy.resolve("replica-2/node.yaml").toString());
    assertEquals(5, refused.exit(Duration.ZERO), refused::report);
    assertTrue(refused.err().contains(data.toString()), refused::report);
  }

  @Test
  @DisplayName("S58 a second start on a data directory is refused, and the first lives on")
  void refusesASecondStartOnTheSameData() throws Exception {
    Cluster cluster = PROCESSES.init("ledger").start();
    refused(
        "replica",
        cluster.at("replica-2/node.yaml"),
        cluster.at("replica-2/data").toString(),
        Long.toString(cluster.process("replica-2").pid()));
    refused(
        "gateway",
        cluster.at("gateway/node.yaml"),
        cluster.at("gateway/data").toString(),
        Long.toString(cluster.process("gateway").pid()));
    refusesToRunBeside(cluster, Long.toString(cluster.dev().process().pid()));
    cluster.http().append("still", "{\"here\":true}").expect(201);

    // Its children live on without it, and each is named
    Processes.end(cluster.dev().process().toHandle());
    List<ProcessHandle> nodes = cluster.nodes().stream().map(cluster::process).toList();
    refusesToRunBeside(
        cluster, nodes.stream().map(node -> Long.toString(node.pid())).toArray(String[]::new));
    for (ProcessHandle node : nodes) {
      assertTrue(node.destroy());
    }
    for (String node : cluster.nodes()) {
      Path pid = cluster.at(node).resolve("pid");
      Await.until(node + " to stop orderly", REFUSED, () -> !Files.exists(pid));
    }
    for (ProcessHandle node : nodes) {
      Await.until("the end of process " + node.pid(), REFUSED, () -> !node.isAlive());
    }
    cluster.start();
    assertEquals("2", cluster.http().append("still", "{\"here\":true}").expect(201).text("index"));
    cluster.stop();
  }

  private static void refusesToRunBeside(Cluster cluster, String... pids) throws Exception {
    Running second = PROCESSES.run(REFUSED, "dev", "--dir", cluster.directory().toString());
    assertEquals(2, second.exit(Duration.ZERO), second::report);
    for (String pid : pids) {
      assertTrue(second.err().contains(pid), () -> pid + ": " + second.report());
    }
  }

  private static void refused(String kind, Path node, String... parts) throws Exception {
    Running running = PROCESSES.start(kind, "--config", node.toString());
    assertEquals(2, running.exit(REFUSED), running::report);
    String said = running.out() + running.err();
    for (String part : parts) {
      assertTrue(said.contains(part), () -> "says nothing of " + part + "\n" + running.report());
    }
    assertFalse(said.contains("\tat "), running::report);
  }

  private static ObjectNode genesis(Path directory) throws IOException {
    return (ObjectNode) Http.parse(Files.readString(directory.resolve("genesis.json")));
  }

  /** A copy of the cluster's directory as it was made, to be spoilt. */
  private static synchronized Path copy() throws IOException {
    Path copy = PROCESSES.home().resolve("copy-" + copies++);
    Path from = pristine.directory();
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = copy.resolve(from.relativize(path));
        Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

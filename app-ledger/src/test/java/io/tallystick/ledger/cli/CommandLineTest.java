package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.config.ClientConfig;
import io.tallystick.config.GatewayConfig;
import io.tallystick.config.Genesis;
import io.tallystick.config.NodeConfig;
import io.tallystick.config.NodeKeys;
import io.tallystick.config.ReplicaConfig;
import io.tallystick.config.Token;
import io.tallystick.crypto.KeyFile;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;

  private int tally(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Tally.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }

  @Test
  void makesAWholeCluster() throws Exception {
    Path d = dir.resolve("d");
    assertEquals(0, tally("init", d, "--clients", 2, "--port", 18080), err::toString);
    Genesis genesis = Genesis.read(d.resolve("genesis.json"));
    assertEquals(genesis.policy(), Files.readString(d.resolve("policy")));
    assertEquals(
        genesis.administrators().keys().getFirst(),
        KeyFile.read(d.resolve("admin.pem")).publicKey());
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      ReplicaConfig replica =
          NodeConfig.read(d.resolve("replica-" + i + "/node.yaml"), ReplicaConfig.class);
      NodeKeys.read(replica);
      assertEquals(i, replica.id().value());
      ports.add(replica.listen().port());
      ports.add(replica.adminAddress().port());
    }
    assertEquals(8, ports.size());
    assertTrue(ports.stream().allMatch(port -> port < 32_768), ports::toString);
    GatewayConfig gateway = NodeConfig.read(d.resolve("gateway/node.yaml"), GatewayConfig.class);
    assertEquals("127.0.0.1:18080", gateway.listen().toString());
    String token = Files.readString(d.resolve("token")).strip();
    Token.Verdict verdict =
        Token.verify(NodeKeys.read(gateway).token().publicKey(), token, genesis.timeMicros());
    assertTrue(verdict instanceof Token.Verdict.Valid, verdict::toString);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(d.resolve("token"))));
    for (String client :
        new String[] {"client.yaml", "clients/0/client.yaml", "clients/1/client.yaml"}) {
      var key = NodeKeys.read(NodeConfig.read(d.resolve(client), ClientConfig.class)).publicKey();
      assertTrue(genesis.grants().stream().anyMatch(grant -> grant.client().equals(key)), client);
    }
    assertEquals(0, tally("config", "genesis-hash", d));
    assertEquals(genesis.hash().toHex() + "\n", out.toString());
  }

  @Test
  void overwritesNothing() throws Exception {
    assertEquals(0, tally("init", dir.resolve("d")), err::toString);
    Genesis before = Genesis.read(dir.resolve("d/genesis.json"));
    assertEquals(2, tally("init", dir.resolve("d")));
    assertTrue(err.toString().contains("not empty"), err::toString);
    assertEquals(before, Genesis.read(dir.resolve("d/genesis.json")));
  }

  @Test
  void combinesWhatOperatorsHandOver() throws Exception {
    Object[] command = new Object[14];
    command[0] = "init";
    command[1] = "genesis";
    for (int i = 0; i < 5; i++) {
      Path home = dir.resolve("operator-" + i);
      assertEquals(0, tally("init", "replica", "--out", home), err::toString);
      command[2 + i] = home.resolve("replica.json");
    }
    assertEquals(0, tally("init", "gateway", "--out", dir.resolve("gateway")), err::toString);
    Object[] rest = {
      "--origin",
      "example.org/log",
      "--client",
      dir.resolve("gateway/client.pub"),
      "--out",
      dir.resolve("g"),
      "--admin-quorum=1"
    };
    System.arraycopy(rest, 0, command, 7, rest.length);
    assertEquals(0, tally(command), err::toString);
    Genesis genesis = Genesis.read(dir.resolve("g/genesis.json"));
    assertEquals(5, genesis.replicas().size());
    assertTrue(out.toString().contains(genesis.hash().toHex()));
    for (int i = 0; i < 5; i++) {
      Path home = dir.resolve("operator-" + i);
      Files.copy(dir.resolve("g/genesis.json"), home.resolve("genesis.json"));
      Files.copy(dir.resolve("g/log.pem"), home.resolve("log.pem"));
      ReplicaConfig config = NodeConfig.read(home.resolve("node.yaml"), ReplicaConfig.class);
      assertEquals(i, config.id().value());
      NodeKeys.read(config);
    }
  }

  @Test
  void refusesADescriptionThatSomebodyChanged() throws Exception {
    Path home = dir.resolve("r");
    assertEquals(0, tally("init", "replica", "--out", home, "--address", "10.0.0.1:9000"));
    Path file = home.resolve("replica.json");
    Files.writeString(file, Files.readString(file).replace("10.0.0.1", "10.0.0.2"));
    assertEquals(2, tally("init", "genesis", file, "--origin", "o.example/a", "--out", dir));
    assertTrue(err.toString().contains("replica.json:1: identity_signature: "), err::toString);
    assertFalse(Files.exists(dir.resolve("genesis.json")));
  }

  @Test
  void refusesThreeReplicas() {
    assertEquals(2, tally("init", dir.resolve("d"), "--replicas", 3));
    assertTrue(err.toString().contains("replicas: 3 (expected: 4 to 13)"), err::toString);
  }

  @Test
  void printsTheEffectiveConfiguration() throws Exception {
    assertEquals(0, tally("init", dir.resolve("d")));
    assertEquals(0, tally("config", "show", dir.resolve("d/replica-1/node.yaml")));
    assertTrue(out.toString().contains("  free_bytes_min: 268435456\n"), out::toString);
    Path broken = dir.resolve("d/replica-1/node.yaml");
    Files.writeString(broken, Files.readString(broken) + "colour: blue\n");
    assertEquals(2, tally("config", "show", broken));
    assertTrue(err.toString().contains("node.yaml:7: colour: unknown key"), err::toString);
  }

  @Test
  void makesTokens() throws Exception {
    assertEquals(0, tally("init", dir.resolve("d")));
    int status =
        tally(
            "token",
            "--config",
            dir.resolve("d"),
            "--principal",
            "ci",
            "--scope",
            "append",
            "--stream",
            "ci-*,audit",
            "--valid",
            "PT1H");
    assertEquals(0, status, err::toString);
    GatewayConfig gateway =
        NodeConfig.read(dir.resolve("d/gateway/node.yaml"), GatewayConfig.class);
    Token.Verdict verdict =
        Token.verify(
            NodeKeys.read(gateway).token().publicKey(),
            out.toString().strip(),
            gateway.genesis().timeMicros());
    if (!(verdict instanceof Token.Verdict.Valid valid)) {
      throw new AssertionError(verdict);
    }
    assertEquals("ci", valid.claims().principal());
    assertTrue(valid.claims().allows(Token.Scope.APPEND, "ci-1"));
    assertFalse(valid.claims().allows(Token.Scope.READ, "audit"));
    assertEquals(
        2, tally("token", "--config", dir.resolve("d"), "--principal", "ci", "--valid", "1 day"));
    assertEquals(
        2, tally("token", "--config", dir.resolve("d"), "--principal", "ci", "--scope", "write"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "frobnicate",
        "init --nonsense",
        "init",
        "config",
        "config show /no/such/file",
        "append",
        "append --stream s --url ftp://x",
        "append --stream s --token-file /no/such/file",
        "append --stream s /no/such/file",
        "token --principal p",
        "dev --replicas 3 --dir /tmp/tallystick-never-made",
        "dev --replicas four"
      })
  void endsWithTwoWhenMisused(String line) {
    assertEquals(2, tally((Object[]) line.split(" ")));
    assertFalse(err.toString().contains("\tat "), err::toString);
    assertTrue(err.toString().startsWith("tally: "), err::toString);
  }

  @Test
  void endsWithOneWhenNoGatewayAnswers() {
    int port = FreePorts.choose(1, new java.util.Random(1)).getFirst();
    assertEquals(1, tally("status", "--url", "http://127.0.0.1:" + port));
    assertTrue(err.toString().contains("connection refused"), err::toString);
  }

  @Test
  void helps() {
    assertEquals(0, tally("--help"));
    assertTrue(out.toString().contains("4 verification failed"));
    assertEquals(0, tally("append", "--help"));
    assertEquals(0, tally());
  }
}

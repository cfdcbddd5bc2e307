package io.tallystick.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.KeyFile;
import io.tallystick.crypto.PrivateKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeConfigTest {
  private static final String REPLICA = "kind: replica\nid: 2\n";
  private static final String GATEWAY = "kind: gateway\n";

  @TempDir Path dir;

  @BeforeEach
  void writeGenesis() throws Exception {
    GenesisTest.genesis(4).write(dir.resolve("genesis.json"));
    Files.createDirectory(dir.resolve("node"));
  }

  private Path file(String text) throws Exception {
    Path file = dir.resolve("node/node.yaml");
    Files.writeString(file, text.replace('~', '\n'));
    return file;
  }

  @Test
  void hasASafeDefaultForEverythingButItsId() throws Exception {
    ReplicaConfig config = NodeConfig.read(file(REPLICA), ReplicaConfig.class);
    assertEquals(new Address("127.0.0.1", 9102), config.listen());
    assertTrue(config.adminAddress().isLoopback());
    assertEquals(dir.resolve("node/data").toAbsolutePath(), config.dataDirectory());
    assertEquals(TransportConfig.Security.AUTOMATIC, config.network().security());
    assertEquals(4, config.addresses().size());
    GatewayConfig gateway = NodeConfig.read(file(GATEWAY), GatewayConfig.class);
    assertTrue(gateway.listen().isLoopback());
    assertEquals(Optional.empty(), gateway.tls());
  }

  @Test
  void readsBackItsEffectiveConfigurationToTheSame() throws Exception {
    for (String text :
        new String[] {
          REPLICA + "addresses:~  1: 10.0.0.7:9000~network:~  security: tls~",
          GATEWAY + "listen: \"[::1]:9000\"~limits:~  wait_millis: 50~",
          "kind: client\nprincipal: \"bench: one\"\n"
        }) {
      Effective first = NodeConfig.read(file(text)).effective();
      Effective second = NodeConfig.read(file(first.yaml())).effective();
      assertEquals(first, second);
    }
  }

  @Test
  void knowsItsIdByItsIdentityKey() throws Exception {
    byte[] seed = new byte[32];
    seed[0] = 13;
    KeyFile.create(dir.resolve("node/identity.pem"), PrivateKey.ofSeed(seed));
    Path file = file("kind: replica\n");
    ReplicaConfig config = NodeConfig.read(file, ReplicaConfig.class);
    assertEquals(new ReplicaId(3), config.id());
    ConfigException e = assertThrows(ConfigException.class, () -> NodeKeys.read(config));
    assertTrue(String.valueOf(e.getMessage()).contains("cosignature.pem"), e::toString);
    Files.delete(dir.resolve("node/identity.pem"));
    KeyFile.create(dir.resolve("node/identity.pem"), PrivateKey.ofSeed(new byte[32]));
    e = assertThrows(ConfigException.class, () -> NodeConfig.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains("id: missing, and no replica"), e::toString);
  }

  @Test
  void refusesKeysThatOthersCanReadAndKeysOfOthers() throws Exception {
    Path node = dir.resolve("node");
    byte[] seed = new byte[32];
    seed[0] = 12;
    KeyFile.create(node.resolve("identity.pem"), PrivateKey.ofSeed(seed));
    seed[0] = 42;
    KeyFile.create(node.resolve("cosignature.pem"), PrivateKey.ofSeed(seed));
    seed[0] = 1;
    KeyFile.create(node.resolve("log.pem"), PrivateKey.ofSeed(seed));
    ReplicaConfig config = NodeConfig.read(file(REPLICA), ReplicaConfig.class);
    assertEquals(config.genesis().logKey(), NodeKeys.read(config).log().publicKey());
    Files.setPosixFilePermissions(
        node.resolve("log.pem"), PosixFilePermissions.fromString("rw-r-----"));
    ConfigException e = assertThrows(ConfigException.class, () -> NodeKeys.read(config));
    assertTrue(String.valueOf(e.getMessage()).contains("log.pem: mode 0640"), e::toString);
    Files.delete(node.resolve("log.pem"));
    KeyFile.create(node.resolve("log.pem"), PrivateKey.ofSeed(seed.clone()));
    Files.delete(node.resolve("cosignature.pem"));
    KeyFile.create(node.resolve("cosignature.pem"), PrivateKey.ofSeed(new byte[32]));
    e = assertThrows(ConfigException.class, () -> NodeKeys.read(config));
    assertTrue(
        String.valueOf(e.getMessage()).contains("the cosignature key of replica 2 in genesis"),
        e::toString);
  }

  @Test
  void hashesAlikeWhatIsConfiguredAlike() throws Exception {
    Effective two = NodeConfig.read(file(REPLICA)).effective();
    Effective three =
        NodeConfig.read(file("kind: replica\nid: 3\ndata: elsewhere\nlisten: 127.0.0.1:7\n"))
            .effective();
    Effective other =
        NodeConfig.read(file(REPLICA + "storage:~  free_bytes_min: 2097152~")).effective();
    assertEquals(two.hash(), three.hash());
    assertNotEquals(two.hash(), other.hash());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "kind: replica~id: 2~datta: x | :3: datta: unknown key (expected: one of ",
        "kind: replica~id: 2~network:~  sendd: 1 | :4: network.sendd: unknown key",
        "kind: replica~id: 7 | :2: id: 7 (expected: one of [r0, r1, r2, r3] of genesis)",
        "kind: replica~id: two | :2: id: two (expected: an integer, 0 to 65535)",
        "kind: replica~id: 2~id: 3 | :3: id: given twice",
        "kind: replica~id: 2~listen: 9100 | :3: listen: 9100 (expected: a string)",
        "kind: replica~id: 2~listen: a:b | :3: listen: \"a:b\" (expected: host:port",
        "kind: replica~id: 2~network: 7 | :3: network: not a mapping",
        "kind: replica~id: 2~network:~  security: none | :4: network.security: none (expected: ",
        "kind: replica~id: 2~addresses:~  9: a:1 | :4: addresses.9: unknown key (expected: ids",
        "kind: replica~id: 2~storage:~  free_bytes_min: 1 | :4: storage.free_bytes_min: 1 (exp",
        "kind: replica~id: 2~admission:~  total_bytes_max: 65536 | total_bytes_max: 65536 (expe",
        "kind: replica~id: &a 2 | :2: id: an anchor",
        "kind: replica~id: [2] | :2: id: empty, a list or a mapping (expected: an integer)",
        "kind: replica~ id: 2 | node.yaml:2: ",
        "kind: observer | :1: kind: observer (expected: replica, gateway or client)",
        "[] | :1: no keys and values",
        "kind: gateway~listen: 0.0.0.0:80 | :2: listen: 0.0.0.0:80 leaves this machine",
        "kind: gateway~tls:~  key: a.pem | tls.certificate: missing (expected: both, or neither)",
        "kind: gateway~open_tiles: 1 | :2: open_tiles: 1 (expected: true or false)",
        "kind: gateway~genesis: no.json | no.json: can't be read (no such file)",
        "kind: client | :1: principal: missing",
      })
  void refusesWhatIsUnfitWithFileLineAndRemedy(String text, String problem) throws Exception {
    Path file = file(text);
    ConfigException e = assertThrows(ConfigException.class, () -> NodeConfig.read(file));
    assertTrue(String.valueOf(e.getMessage()).contains(problem), e::toString);
  }

  @Test
  void takesPlainHttpOffLoopbackWhenThatIsSpelledOut() throws Exception {
    String text = "kind: gateway\nlisten: 0.0.0.0:80\ninsecure_plain_http: true\n";
    assertEquals(
        "0.0.0.0:80", NodeConfig.read(file(text), GatewayConfig.class).listen().toString());
  }

  @Test
  void refusesAFileOfAnotherKind() throws Exception {
    Path file = file(GATEWAY);
    assertThrows(ConfigException.class, () -> NodeConfig.read(file, ReplicaConfig.class));
  }
}

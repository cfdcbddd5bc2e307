package io.tallystick.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Genesis.Contents;
import io.tallystick.config.GrantSpec.Role;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenesisTest {
  private static final String ORIGIN = "ledger.example/audit";

  static PublicKey key(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return PrivateKey.ofSeed(bytes).publicKey();
  }

  static Genesis genesis(int n) throws JsonException {
    List<GenesisReplica> replicas = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      replicas.add(
          GenesisReplica.of(
              new ReplicaId(i),
              ORIGIN,
              key(10 + i),
              key(40 + i),
              new Address("127.0.0.1", 9100 + i)));
    }
    return Genesis.of(
        new Contents(
            ORIGIN,
            1_795_421_520_123_456L,
            key(1),
            replicas,
            new Administrators(List.of(key(2), key(3)), 2),
            GrantSpec.everything(key(4), Role.APPEND, Role.READ),
            Parameters.defaults()));
  }

  @Test
  void readsBackWhatItWrites(@TempDir Path dir) throws Exception {
    for (int n : new int[] {4, 5, 6, 7, 10, 13}) {
      Genesis genesis = genesis(n);
      genesis.write(dir.resolve("genesis.json"));
      Genesis read = Genesis.read(dir.resolve("genesis.json"));
      assertEquals(genesis, read);
      assertEquals(Digest.sha256(Files.readAllBytes(dir.resolve("genesis.json"))), read.hash());
      assertEquals(genesis.membership(), read.membership());
      assertEquals(Parameters.defaults(), read.parameters());
      assertEquals(genesis.grants(), read.grants());
    }
  }

  @Test
  void writesThePolicyThatItsQuorumMakes() throws JsonException {
    String[] lines = genesis(5).policy().split("\n");
    assertEquals("log " + genesis(5).logVkey(), lines[0]);
    assertTrue(lines[1].startsWith("witness r0 r0." + ORIGIN + "+"), lines[1]);
    assertEquals("group replicas 4 r0 r1 r2 r3 r4", lines[6]);
    assertEquals("quorum replicas", lines[7]);
    assertEquals(8, lines.length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"v\":1 | \"v\":2 | v: 2 (expected: 1 to 1)",
        "\"v\":1} | \"v\":1,\"w\":1} | w: unknown key",
        "\"origin\":\"ledger | \"origin\":\"+ledger | origin:",
        "+BNjT | +BNjX | replicas[0].vkey: vkey",
        "r2.ledger | r1.ledger | replicas[2].name: ",
        "\"name\":\"r2. | \"nom\":\"r2. | replicas[2].nom: unknown key",
        "\"until\":\"9999 | \"until\":\"1969 | grants[0].until: ",
        "\"rate\":\"1000000000\", | ~~ | grants[0].rate: missing",
        "2026-11-23T | 2026-13-23T | time: \"2026-13",
        ":9101\" | :9100\" | replicas[1].address: 127.0.0.1:9100 twice",
        ":9101\" | :99999\" | replicas[1].address: \"127.0.0.1:99999\"",
        "\"id\":2 | \"id\":1 | replicas[2].id: 1 (expected: ascending",
        "\"quorum\":2 | \"quorum\":3 | administrators.quorum: 3 (expected: 1 to 2)",
        "\"window\":256 | \"window\":255 | parameters.window: 255 (expected: at least 256",
        "\"window\":256 | \"window\":512 | parameters.window: 512 (expected: a view-change of 13",
        "\"window\":256 | \"windw\":512 | parameters.windw: unknown key",
        "\"skew_millis\":5000 | \"skew_millis\":20000 | deadline_millis_max: 60000 (expected: at",
        "\"batch_bytes_max\":4194304 | \"batch_bytes_max\":2097152 | parameters.batch_bytes_max",
        "\"batch_bundles_max\":256 | \"batch_bundles_max\":4096 | parameters.batch_bundles_max",
        "\"role\":\"append\" | \"role\":\"write\" | grants[0].role: \"write\"",
        "\"streams\":[\"*\"] | \"streams\":[\"a*b\"] | grants[0].streams: \"a*b\"",
        "\"streams\":[\"*\"] | \"streams\":[] | grants[0].streams: 0 patterns",
        "\"pipeline_depth\":4, | ~~ | parameters.pipeline_depth: missing",
      })
  void refusesWhatIsUnfitAndSaysWhy(String from, String to, String problem) throws JsonException {
    String text = genesis(4).bytes().toUtf8();
    assertTrue(text.contains(from), text);
    Bytes changed = Bytes.utf8(text.replace(from, to));
    JsonException e = assertThrows(JsonException.class, () -> Genesis.parse(changed));
    assertTrue(e.toString().contains(problem), e::toString);
  }

  @Test
  void refusesThreeReplicasAndFourteen() throws JsonException {
    assertThrows(JsonException.class, () -> genesis(3));
    JsonException e = assertThrows(JsonException.class, () -> genesis(14));
    assertTrue(e.toString().contains("replicas: 14 of them (expected: 4 to 13)"), e::toString);
  }

  @Test
  void refusesAKeyThatServesTwoPurposes() throws JsonException {
    String text = genesis(4).bytes().toUtf8();
    for (int seed : new int[] {1, 2, 4, 11, 41}) {
      Bytes changed = Bytes.utf8(text.replace(key(10).toBase64(), key(seed).toBase64()));
      JsonException e = assertThrows(JsonException.class, () -> Genesis.parse(changed));
      assertTrue(e.toString().contains(" too (expected: a "), e::toString);
    }
  }

  @Test
  void namesFileAndLine(@TempDir Path dir) throws Exception {
    Path file = dir.resolve("genesis.json");
    Files.writeString(file, genesis(4).bytes().toUtf8() + "\n");
    ConfigException e = assertThrows(ConfigException.class, () -> Genesis.read(file));
    assertTrue(e.toString().contains("genesis.json:1: not canonical from here on"), e::toString);
    Path missing = dir.resolve("no.json");
    ConfigException none = assertThrows(ConfigException.class, () -> Genesis.read(missing));
    assertTrue(none.toString().contains("no.json: can't be read (no such file)"), none::toString);
  }

  @Test
  void judgesGrantsByRolePrincipalStreamAndLedgerTime() throws JsonException {
    GrantSpec grant =
        GrantSpec.of(
            CanonicalJson.parse(
                Bytes.utf8(
                    "{\"client\":\""
                        + key(4).toBase64()
                        + "\",\"from\":\"1970-01-01T00:00:01.000000Z\","
                        + "\"principals\":[\"ci@*\"],\"rate\":\"500\",\"role\":\"append\","
                        + "\"streams\":[\"ci\"],"
                        + "\"until\":\"1970-01-01T00:00:02.000000Z\"}"),
                4096));
    assertTrue(grant.allows(Role.APPEND, "ci@a", "ci", 1_000_000));
    assertTrue(grant.allows(Role.APPEND, "ci@a", "ci", 1_999_999));
    assertFalse(grant.allows(Role.APPEND, "ci@a", "ci", 999_999));
    assertFalse(grant.allows(Role.APPEND, "ci@a", "ci", 2_000_000));
    assertFalse(grant.allows(Role.READ, "ci@a", "ci", 1_500_000));
    assertFalse(grant.allows(Role.APPEND, "cd@a", "ci", 1_500_000));
    assertFalse(grant.allows(Role.APPEND, "ci@a", "ci2", 1_500_000));
    assertEquals(grant, GrantSpec.of(grant.toJson()));
  }
}

package io.tallystick.ledger.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.verify.VerifyReport.Broken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A good export, with one thing changed at a time. */
class TamperedExportTest {
  private static final int SIZE = 5;

  @TempDir Path directory;
  private SampleLedger ledger;
  private Path export;

  @BeforeEach
  void writeExport() throws IOException {
    ledger = SampleLedger.create(directory.resolve("ledger"), 4).append(SIZE - 1);
    export = directory.resolve("export");
    Exports.write(ledger.files(), export);
  }

  @AfterEach
  void closeLedger() throws IOException {
    ledger.close();
  }

  private void flipEveryByte(String name, Pin pin, Set<String> where) throws IOException {
    Path file = export.resolve(name);
    byte[] content = Files.readAllBytes(file);
    for (int at = 0; at < content.length; at++) {
      byte good = content[at];
      content[at] ^= (byte) (1 << at % 8);
      Files.write(file, content);
      VerifyReport report = ExportVerifier.verify(export, pin, (done, of) -> {});
      int place = at;
      assertTrue(report instanceof Broken, () -> name + " byte " + place + ": " + report);
      Broken broken = (Broken) report;
      assertTrue(where.contains(broken.file()), () -> name + " byte " + place + ": " + broken);
      content[at] = good;
    }
    Files.write(file, content);
    Exports.consistent(Exports.verify(ledger, export));
  }

  private Pin pin() {
    return new Pin.GenesisHash(ledger.genesis().hash());
  }

  @Test
  void findsEveryByteOfTheCheckpointChanged() throws IOException {
    flipEveryByte("checkpoint", pin(), Set.of("checkpoint"));
  }

  @Test
  void findsEveryByteOfThePoliciesChanged() throws IOException {
    flipEveryByte("policy", pin(), Set.of("policy"));
    flipEveryByte("epochs/0.policy", pin(), Set.of("epochs/0.policy"));
  }

  @Test
  @DisplayName("S69 genesis changed in any byte isn't the pinned one, nor in itself consistent")
  void findsEveryByteOfGenesisChanged() throws IOException {
    flipEveryByte("genesis.json", pin(), Set.of("genesis.json"));
    String entries = "tile/entries/000.p/" + SIZE;
    flipEveryByte(
        "genesis.json",
        new Pin.Nothing(),
        Set.of("genesis.json", "policy", "epochs/0.policy", "checkpoint", entries));
  }

  @Test
  @DisplayName("S72 an entry changed in any byte doesn't give the tree that was signed")
  void findsEveryByteOfTheEntriesChanged() throws IOException {
    String entries = "tile/entries/000.p/" + SIZE;
    flipEveryByte(
        entries, pin(), Set.of(entries, "payloads/000.p/" + SIZE, "tile/0/000.p/" + SIZE));
  }

  @Test
  void findsEveryByteOfTheTilesAndPayloadsChanged() throws IOException {
    flipEveryByte("tile/0/000.p/" + SIZE, pin(), Set.of("tile/0/000.p/" + SIZE));
    flipEveryByte("payloads/000.p/" + SIZE, pin(), Set.of("payloads/000.p/" + SIZE));
  }

  @Test
  void leavesTheReadmeToWhoeverKeepsIt() throws IOException {
    Files.writeString(export.resolve("README.txt"), "Kept in the safe of the second floor.\n");
    Exports.consistent(Exports.verify(ledger, export));
    Files.delete(export.resolve("README.txt"));
    Exports.consistent(Exports.verify(ledger, export));
  }

  @Test
  void missesEveryFile() throws IOException {
    for (String name : Exports.names(SIZE)) {
      byte[] content = Files.readAllBytes(export.resolve(name));
      Files.delete(export.resolve(name));
      if (!name.equals("README.txt")) {
        Broken broken = Exports.broken(Exports.verify(ledger, export));
        assertEquals(name, broken.file());
        assertTrue(broken.what().startsWith("is missing"), broken::line);
      }
      Exports.put(export, name, content);
    }
  }

  @Test
  void refusesEveryFileCutOrLengthened() throws IOException {
    for (String name : Exports.names(SIZE)) {
      if (name.equals("README.txt")) {
        continue;
      }
      byte[] content = Files.readAllBytes(export.resolve(name));
      for (int length : new int[] {0, content.length - 1, content.length + 1}) {
        Exports.put(export, name, java.util.Arrays.copyOf(content, length));
        Broken broken = Exports.broken(Exports.verify(ledger, export));
        assertEquals(name, broken.file(), broken::line);
      }
      Exports.put(export, name, content);
    }
  }

  @Test
  void refusesEveryFileTooMany() throws IOException {
    for (String name :
        new String[] {
          "notes.txt",
          "checkpoint.old",
          "epochs/1.policy",
          "epochs/1.checkpoint",
          "tile/0/000",
          "tile/0/000.p/4",
          "tile/0/001.p/1",
          "tile/1/000.p/1",
          "tile/00/000.p/5",
          "tile/entries/000.p/4",
          "payloads/000",
          "payloads/000.p/05",
          ".hidden",
          "tile/entries/x001/000.p/1"
        }) {
      Exports.put(export, name, new byte[] {1});
      Broken broken = Exports.broken(Exports.verify(ledger, export));
      assertEquals(name, broken.file());
      Files.delete(export.resolve(name));
    }
    Exports.consistent(Exports.verify(ledger, export));
  }

  @Test
  void followsNoLinksWithinAnExportButOneToIt() throws IOException {
    Path link = Files.createSymbolicLink(directory.resolve("link"), export);
    Exports.consistent(Exports.verify(ledger, link));
    Path policy = export.resolve("policy");
    Files.move(policy, directory.resolve("elsewhere"));
    Files.createSymbolicLink(policy, directory.resolve("elsewhere"));
    assertEquals("policy", Exports.broken(Exports.verify(ledger, export)).file());
  }

  @Test
  void saysThatThereIsNoExport() throws IOException {
    assertEquals(".", Exports.broken(Exports.verify(ledger, directory.resolve("none"))).file());
    Path empty = Files.createDirectories(directory.resolve("empty"));
    assertEquals("genesis.json", Exports.broken(Exports.verify(ledger, empty)).file());
  }

  private void rows(String from, String to, String problem) throws IOException {
    String name = "payloads/000.p/" + SIZE;
    Path file = export.resolve(name);
    String good = Files.readString(file);
    assertTrue(good.contains(from), good);
    Files.writeString(file, good.replace(from, to));
    Broken broken = Exports.broken(Exports.verify(ledger, export));
    assertEquals(name, broken.file());
    assertTrue(broken.what().contains(problem), broken::line);
    assertTrue(broken.entry().isPresent());
    Files.writeString(file, good);
  }

  @Test
  void refusesRowsThatArentCanonical() throws IOException {
    rows("{\"index\":\"2\",", "{\"index\": \"2\",", "not canonical");
    rows("{\"index\":\"2\",", "{\"index\":\"2\",\"a\":1,", "");
    rows("{\"index\":\"2\",", "{\"index\":\"02\",", "");
    rows("{\"index\":\"2\",", "{\"index\":\"3\",", "row of entry 3 (expected: 2)");
    String name = "payloads/000.p/" + SIZE;
    String row = Files.readString(export.resolve(name)).split("\n")[2];
    String payload = row.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1");
    assertTrue(payload.endsWith("="), payload);
    rows(payload, payload.replace("=", ""), "canonical");
    String salt = row.replaceAll(".*\"salt\":\"([^\"]*)\".*", "$1");
    rows(salt, salt.substring(4), "salt: ");
    rows(row, "{\"erased\":\"1\",\"index\":\"2\"}", "erased by entry 1");
    rows(row, "{\"index\":\"2\",\"withheld\":false}", "withheld");
  }

  @Test
  void takesRowsThatAreWithheldButNoneOfTheSystem() throws IOException {
    Path file = export.resolve("payloads/000.p/" + SIZE);
    String[] rows = Files.readString(file).split("\n");
    rows[3] = "{\"index\":\"3\",\"withheld\":true}";
    Files.writeString(file, String.join("\n", rows) + "\n");
    assertEquals(1, Exports.consistent(Exports.verify(ledger, export)).withheld());
    rows[0] = "{\"index\":\"0\",\"withheld\":true}";
    Files.writeString(file, String.join("\n", rows) + "\n");
    Broken broken = Exports.broken(Exports.verify(ledger, export));
    assertEquals(0, broken.entry().orElseThrow());
    assertFalse(broken.line().isEmpty());
  }
}

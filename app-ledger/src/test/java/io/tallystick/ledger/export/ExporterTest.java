package io.tallystick.ledger.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.verify.ExportVerifier;
import io.tallystick.ledger.verify.Pin;
import io.tallystick.ledger.verify.VerifyReport;
import io.tallystick.ledger.verify.VerifyReport.Consistent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {
  private static final Exporter.Progress QUIET = (done, of) -> {};

  @TempDir Path directory;
  private SampleLedger ledger;

  @BeforeEach
  void makeLedger() throws IOException {
    ledger = SampleLedger.create(directory.resolve("ledger"), 4);
  }

  @AfterEach
  void closeLedger() throws IOException {
    ledger.close();
  }

  static Map<String, byte[]> tree(Path root) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(file)) {
          files.put(root.relativize(file).toString(), Files.readAllBytes(file));
        }
      }
    }
    return files;
  }

  private Consistent verified(Path export) throws IOException {
    VerifyReport report =
        ExportVerifier.verify(
            export, new Pin.GenesisHash(ledger.genesis().hash()), (done, of) -> {});
    assertTrue(report instanceof Consistent, report::toString);
    return (Consistent) report;
  }

  @Test
  void laysOutExactlyTheFilesOfTheFormatsPage() throws IOException {
    ledger.append(599);
    Path export = directory.resolve("export");
    AtomicLong entries = new AtomicLong();
    Exporter.Summary summary =
        Exporter.export(
            ExportSource.of(ledger.files()), export, (done, of) -> entries.set(done * 1000 + of));
    assertEquals(600, summary.size());
    assertEquals(600_600, entries.get());
    assertEquals(
        Set.of(
            "README.txt",
            "checkpoint",
            "epochs/0.policy",
            "genesis.json",
            "payloads/000",
            "payloads/001",
            "payloads/002.p/88",
            "policy",
            "tile/0/000",
            "tile/0/001",
            "tile/0/002.p/88",
            "tile/1/000.p/2",
            "tile/entries/000",
            "tile/entries/001",
            "tile/entries/002.p/88"),
        tree(export).keySet());
    assertEquals(600, verified(export).size());
    assertTrue(Files.readString(export.resolve("README.txt")).contains("tally verify"));
  }

  @Test
  void servesWhatItExports() throws IOException {
    ledger.append(700);
    Path export = directory.resolve("export");
    ExportFiles files = ledger.files();
    Exporter.export(ExportSource.of(files), export, QUIET);
    for (Map.Entry<String, byte[]> file : tree(export).entrySet()) {
      assertArrayEquals(
          file.getValue(), files.file(file.getKey()).orElseThrow().toByteArray(), file.getKey());
    }
    // A reader that is pinned to an older head gets its partial tiles
    assertTrue(files.file("tile/0/002.p/3").isPresent());
    assertTrue(files.file("tile/entries/000").orElseThrow().immutable());
    for (String none :
        new String[] {
          "tile/0/003",
          "tile/0/002.p/190",
          "tile/2/000.p/1",
          "tile/0/2",
          "epochs/1.policy",
          "",
          "payloads/003.p/1",
          "../genesis.json",
          "tile/entries/000.p/256"
        }) {
      assertTrue(files.file(none).isEmpty(), none);
    }
  }

  @Test
  void goesOnWithAnOlderExport() throws IOException {
    Path export = directory.resolve("export");
    Exporter.export(ExportSource.of(ledger.append(300).files()), export, QUIET);
    Map<String, byte[]> before = tree(export);
    ledger.append(900);
    Set<String> fetched = new ConcurrentSkipListSet<>();
    ExportSource source = ExportSource.of(ledger.files());
    Exporter.export(
        (path, bytesMax, out) -> {
          fetched.add(path);
          source.fetch(path, bytesMax, out);
        },
        export,
        QUIET);
    assertEquals(1201, verified(export).size());
    Set<String> kept = new TreeSet<>(before.keySet());
    kept.retainAll(Set.of("tile/0/000", "tile/entries/000", "payloads/000"));
    assertEquals(3, kept.size());
    kept.forEach(name -> assertFalse(fetched.contains(name), name));
    assertFalse(Files.exists(export.resolve("tile/0/001.p/45")));
    assertFalse(Files.exists(export.resolve("tile/0/001.p")));
  }

  @Test
  void goesOnAfterAFailureFromWhereItWas() throws IOException {
    ledger.append(2_000);
    Path export = directory.resolve("export");
    ExportSource source = ExportSource.of(ledger.files());
    AtomicLong fetches = new AtomicLong();
    ExportSource failing =
        (path, bytesMax, out) -> {
          if (fetches.incrementAndGet() > 12) {
            throw new IOException("the cable is out");
          }
          source.fetch(path, bytesMax, out);
        };
    assertThrows(IOException.class, () -> Exporter.export(failing, export, QUIET));
    assertFalse(Files.exists(export.resolve("checkpoint")));
    int there = tree(export).size();
    assertTrue(there > 3, () -> "files: " + there);
    Exporter.export(source, export, QUIET);
    assertEquals(2_001, verified(export).size());
  }

  @Test
  void refusesATargetThatHoldsSomethingElse() throws IOException {
    ExportSource source = ExportSource.of(ledger.append(20).files());
    Path full = Files.createDirectories(directory.resolve("full"));
    Files.writeString(full.resolve("thesis.tex"), "the only copy");
    var e = assertThrows(ExportRefusedException.class, () -> Exporter.export(source, full, QUIET));
    assertTrue(String.valueOf(e.getMessage()).contains("not empty"), e::toString);
    assertEquals(Set.of("thesis.tex"), tree(full).keySet());

    Path export = directory.resolve("export");
    Exporter.export(source, export, QUIET);
    Files.writeString(export.resolve("notes.txt"), "mine");
    assertThrows(ExportRefusedException.class, () -> Exporter.export(source, export, QUIET));
    Files.delete(export.resolve("notes.txt"));
    try (SampleLedger other = SampleLedger.stranger(directory.resolve("other"), 4)) {
      ExportSource strange = ExportSource.of(other.append(20).files());
      assertThrows(ExportRefusedException.class, () -> Exporter.export(strange, export, QUIET));
    }
    ExportSource older = ExportSource.of(ledger.files(ledger.head(ledger.treeAt(9), 0)));
    assertThrows(ExportRefusedException.class, () -> Exporter.export(older, export, QUIET));
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThrows(ExportRefusedException.class, () -> Exporter.export(source, file, QUIET));
    assertEquals(21, verified(export).size());
  }

  @Test
  void refusesACheckpointThatNoQuorumSigned() throws IOException {
    ledger.append(20);
    ExportSource source = ExportSource.of(ledger.files(ledger.head(ledger.treeAt(21), 9, 0, 1)));
    var e =
        assertThrows(
            ExportRefusedException.class,
            () -> Exporter.export(source, directory.resolve("export"), QUIET));
    assertTrue(String.valueOf(e.getMessage()).contains("QUORUM_MISSED"), e::toString);
  }

  @Test
  void refusesFilesThatAreTooShortOrTooLong() throws IOException {
    ledger.append(300);
    ExportSource source = ExportSource.of(ledger.files());
    for (String name : new String[] {"tile/0/000", "tile/entries/001.p/45", "payloads/000"}) {
      Path export = directory.resolve("short-" + name.replace('/', '-'));
      byte[] whole = ledger.files().file(name).orElseThrow().toByteArray();
      ExportSource cut =
          (path, bytesMax, out) -> {
            if (path.equals(name)) {
              out.write(whole, 0, whole.length - 1);
            } else {
              source.fetch(path, bytesMax, out);
            }
          };
      var e = assertThrows(IOException.class, () -> Exporter.export(cut, export, QUIET));
      assertTrue(String.valueOf(e.getMessage()).startsWith(name + ": not the "), e::toString);
    }
    BoundedOutput bounded = new BoundedOutput("x", 4, java.io.OutputStream.nullOutputStream());
    bounded.write(new byte[4]);
    assertThrows(IOException.class, () -> bounded.write(1));
  }

  @Test
  void withholdsWhatAReaderMayNotSeeAndFetchesItOnceHeMay() throws IOException {
    ledger.append(511);
    PayloadAccess some = envelope -> !envelope.stream().equals("stream-2");
    ExportFiles partly =
        new ExportFiles(ledger.genesis(), ledger.note(ledger.head()), ledger.store(), some);
    Path export = directory.resolve("export");
    Exporter.export(ExportSource.of(partly), export, QUIET);
    assertEquals(170, verified(export).withheld());
    Exporter.export(ExportSource.of(ledger.files()), export, QUIET);
    assertEquals(0, verified(export).withheld());
  }

  @Test
  void neverWithholdsSystemEntries() throws IOException {
    ExportFiles none =
        new ExportFiles(
            ledger.genesis(), ledger.note(ledger.head()), ledger.store(), envelope -> false);
    byte[] rows = none.file("payloads/000.p/1").orElseThrow().toByteArray();
    assertArrayEquals(
        ledger.files().file(TilePath.payloads(0, 1).toString()).orElseThrow().toByteArray(), rows);
  }
}

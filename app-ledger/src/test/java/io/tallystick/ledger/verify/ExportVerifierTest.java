package io.tallystick.ledger.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.note.NoteSignature;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.SystemEntry;
import io.tallystick.ledger.export.ExportSource;
import io.tallystick.ledger.export.Exporter;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.verify.VerifyReport.Broken;
import io.tallystick.ledger.verify.VerifyReport.Consistent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportVerifierTest {
  @TempDir Path directory;

  private SampleLedger ledger(int n) throws IOException {
    return SampleLedger.create(directory.resolve("ledger-" + n), n);
  }

  private Path export(SampleLedger ledger, LoggedHead head) throws IOException {
    Path export = Files.createTempDirectory(directory, "export");
    Exports.write(ledger.files(head), export);
    return export;
  }

  private static Consistent verify(Path export, Pin pin) throws IOException {
    return Exports.consistent(ExportVerifier.verify(export, pin, (done, of) -> {}));
  }

  @Test
  @DisplayName(
      "S69 an export with partial tiles at all levels verifies from its genesis hash alone")
  void verifiesAnExport() throws IOException {
    try (SampleLedger ledger = ledger(4).append(1_499)) {
      Path export = directory.resolve("export");
      Exporter.export(ExportSource.of(ledger.files()), export, (done, of) -> {});
      AtomicLong told = new AtomicLong();
      VerifyReport report =
          ExportVerifier.verify(
              export,
              new Pin.GenesisHash(ledger.genesis().hash()),
              (done, of) -> told.set(done * 10_000 + of));
      assertEquals(
          new Consistent(
              true,
              ledger.genesis().hash(),
              SampleLedger.ORIGIN,
              1_500,
              ledger.store().head().root(),
              ledger.timeMicros() / 1_000_000,
              4,
              4,
              0),
          report);
      assertEquals(1_500 * 10_000 + 1_500, told.get());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "255", "256", "257", "512"})
  void verifiesEverySizeAroundABundle(int size) throws IOException {
    try (SampleLedger ledger = ledger(4).append(size - 1)) {
      Path export = export(ledger, ledger.head());
      assertEquals(size, Exports.consistent(Exports.verify(ledger, export)).size());
    }
  }

  @Test
  void saysWhetherAnythingWasPinned() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9);
        SampleLedger stranger = SampleLedger.stranger(directory.resolve("stranger"), 4)) {
      Path export = export(ledger, ledger.head());
      assertFalse(verify(export, new Pin.Nothing()).pinned());
      assertTrue(verify(export, new Pin.Policy(Bytes.utf8(ledger.genesis().policy()))).pinned());
      Pin other = new Pin.GenesisHash(stranger.genesis().hash());
      Broken broken = Exports.broken(ExportVerifier.verify(export, other, (done, of) -> {}));
      assertEquals("genesis.json", broken.file());
      assertTrue(broken.what().contains("as pinned"), broken::line);
      Pin otherPolicy = new Pin.Policy(Bytes.utf8(stranger.genesis().policy()));
      Exports.broken(ExportVerifier.verify(export, otherPolicy, (done, of) -> {}));
    }
  }

  @ParameterizedTest
  @CsvSource({"4,3", "5,4", "6,4", "7,5", "10,7", "13,9"})
  @DisplayName("an export needs q cosignatures, not 2f+1")
  void needsAQuorum(int n, int quorum) throws IOException {
    try (SampleLedger ledger = ledger(n).append(3)) {
      int[] enough = new int[quorum];
      int[] short1 = new int[quorum - 1];
      for (int i = 0; i < quorum; i++) {
        enough[i] = n - 1 - i;
        if (i < quorum - 1) {
          short1[i] = i;
        }
      }
      TreeHead tree = ledger.store().head();
      long second = ledger.timeMicros() / 1_000_000;
      Path good = export(ledger, ledger.head(tree, second, enough));
      assertEquals(quorum, Exports.consistent(Exports.verify(ledger, good)).cosigners());
      Path bad = export(ledger, ledger.head(tree, second, short1));
      Broken broken = Exports.broken(Exports.verify(ledger, bad));
      assertEquals("checkpoint", broken.file());
      assertTrue(broken.what().contains("QUORUM_MISSED"), broken::line);
    }
  }

  private Broken withLines(SampleLedger ledger, List<NoteSignature> lines) throws IOException {
    Path export = export(ledger, ledger.head());
    String text = ledger.note(ledger.head()).text();
    Files.writeString(export.resolve("checkpoint"), new SignedNote(text, lines).toString());
    return Exports.broken(Exports.verify(ledger, export));
  }

  @Test
  void refusesSwappedRepeatedStrangeAndBadLines() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9);
        SampleLedger stranger = SampleLedger.stranger(directory.resolve("stranger"), 4)) {
      List<NoteSignature> good = ledger.note(ledger.head()).signatures();

      List<NoteSignature> swapped = new ArrayList<>(good);
      swapped.set(
          1, new NoteSignature(good.get(1).name(), good.get(1).keyId(), good.get(2).blob()));
      swapped.set(
          2, new NoteSignature(good.get(2).name(), good.get(2).keyId(), good.get(1).blob()));
      assertTrue(withLines(ledger, swapped).what().contains("BAD_SIGNATURE"));

      List<NoteSignature> repeated = new ArrayList<>(good);
      repeated.add(good.get(1));
      assertTrue(withLines(ledger, repeated).what().contains("a second time"));

      List<NoteSignature> strange = new ArrayList<>(good);
      strange.add(stranger.note(stranger.head(ledger.store().head(), 9)).signatures().getLast());
      assertTrue(withLines(ledger, strange).what().contains("isn't a key of the policy"));

      List<NoteSignature> unlogged = new ArrayList<>(good.subList(1, good.size()));
      assertTrue(withLines(ledger, unlogged).what().contains("NO_LOG_SIGNATURE"));

      // One bad line spoils it, whatever quorum the others make
      List<NoteSignature> bad = new ArrayList<>(good);
      SignedNote other = ledger.note(ledger.head(ledger.treeAt(3), 9));
      bad.set(4, other.signatures().get(4));
      assertTrue(withLines(ledger, bad).what().contains("BAD_SIGNATURE"));

      List<NoteSignature> reordered = new ArrayList<>(good);
      Collections.reverse(reordered);
      Path export = export(ledger, ledger.head());
      String text = ledger.note(ledger.head()).text();
      Files.writeString(export.resolve("checkpoint"), new SignedNote(text, reordered).toString());
      Exports.consistent(Exports.verify(ledger, export));
    }
  }

  @Test
  @DisplayName("S71 a smaller head, signed again, doesn't hide the entries after it")
  void refusesASmallerAndALargerHead() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9)) {
      Path export = export(ledger, ledger.head());
      LoggedHead smaller = ledger.head(ledger.treeAt(7), ledger.timeMicros() / 1_000_000);
      Files.writeString(export.resolve("checkpoint"), ledger.note(smaller).toString());
      Broken broken = Exports.broken(Exports.verify(ledger, export));
      assertTrue(broken.what().contains("doesn't belong to an export of 7"), broken::line);
      LoggedHead larger =
          ledger.head(new TreeHead(12, ledger.store().head().root()), 9_999_999_999L);
      Files.writeString(export.resolve("checkpoint"), ledger.note(larger).toString());
      Exports.broken(Exports.verify(ledger, export));
    }
  }

  @Test
  void refusesAnotherRootOfTheSameSize() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9)) {
      TreeHead other = new TreeHead(10, Digest.sha256(Bytes.utf8("another history")));
      Path export = export(ledger, ledger.head(other, ledger.timeMicros() / 1_000_000));
      Broken broken = Exports.broken(Exports.verify(ledger, export));
      assertEquals("checkpoint", broken.file());
      assertTrue(broken.what().contains("isn't that of the entries"), broken::line);
    }
  }

  @Test
  void refusesAHeadOlderThanItsLastEntry() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9)) {
      long second = ledger.timeMicros() / 1_000_000;
      Path export = export(ledger, ledger.head(ledger.store().head(), second - 1));
      Broken broken = Exports.broken(Exports.verify(ledger, export));
      assertTrue(broken.what().contains("is before the last entry's"), broken::line);
    }
  }

  /** An export whose last entry a quorum signed all the same. */
  private Broken withLast(SampleLedger ledger, LedgerEntry last) throws IOException {
    ledger.store().append(List.of(last));
    Path export = export(ledger, ledger.head(ledger.store().head(), 4_000_000_000L));
    Broken broken = Exports.broken(Exports.verify(ledger, export));
    assertEquals(ledger.store().size() - 1, broken.entry().orElseThrow(), broken::line);
    return broken;
  }

  @Test
  void refusesEntriesThatNoQuorumMaySign() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9)) {
      LedgerEntry gap = SampleLedger.entry("stream-1", 4, ledger.timeMicros(), Bytes.utf8("a"));
      assertTrue(
          withLast(ledger, gap).what().contains("number 4 in stream stream-1 (expected: 3)"));
    }
    try (SampleLedger ledger = ledger(5).append(9)) {
      LedgerEntry back =
          SampleLedger.entry("stream-1", 3, ledger.timeMicros() - 2, Bytes.utf8("a"));
      assertTrue(withLast(ledger, back).what().contains("ledger time goes back by 2 µs"));
    }
    try (SampleLedger ledger = ledger(6).append(9)) {
      LedgerEntry system = SystemEntry.of(10, 1, ledger.timeMicros(), Bytes.utf8("{}"));
      assertTrue(withLast(ledger, system).what().contains("system entry"));
    }
    try (SampleLedger ledger = ledger(7).append(9)) {
      LedgerEntry loose = new LedgerEntry(Bytes.utf8("{ }"), SystemEntry.SALT, Bytes.EMPTY);
      assertTrue(withLast(ledger, loose).what().startsWith("envelope: "));
    }
  }

  @Test
  void refusesAnotherGenesisWithTheSameKeys() throws IOException {
    try (SampleLedger ledger = ledger(4).append(9)) {
      Path export = export(ledger, ledger.head());
      String genesis = Files.readString(export.resolve("genesis.json"));
      String other = genesis.replace("\"skew_millis\":5000", "\"skew_millis\":4000");
      Files.writeString(export.resolve("genesis.json"), other);
      Broken broken =
          Exports.broken(ExportVerifier.verify(export, new Pin.Nothing(), (done, of) -> {}));
      assertEquals("tile/entries/000.p/10", broken.file());
      assertEquals(0, broken.entry().orElseThrow());
    }
  }
}

package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.export.ExportSource;
import io.tallystick.ledger.export.Exporter;
import io.tallystick.ledger.fixture.SampleLedger;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.store.StoredPayload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path dir;
  private SampleLedger ledger;
  private Path policy;

  @BeforeEach
  void makeLedger() throws IOException {
    ledger = SampleLedger.create(dir.resolve("ledger"), 4).append(20);
    policy = dir.resolve("policy");
    Files.writeString(policy, ledger.genesis().policy());
  }

  @AfterEach
  void closeLedger() throws IOException {
    ledger.close();
  }

  private int verify(Object... args) {
    String[] words = new String[args.length + 1];
    words[0] = "verify";
    for (int i = 0; i < args.length; i++) {
      words[i + 1] = args[i].toString();
    }
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return Tally.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }

  private JsonObject json() throws Exception {
    return CanonicalJson.parse(Bytes.utf8(out.toString()), 1 << 16);
  }

  private Path export() throws IOException {
    Path export = dir.resolve("export");
    Exporter.export(ExportSource.of(ledger.files()), export, (done, of) -> {});
    return export;
  }

  private Path receipt(long index) throws IOException {
    StoredPayload.Present payload = (StoredPayload.Present) ledger.store().payload(index);
    TlogProof proof =
        TlogProof.of(
            InclusionProof.build(ledger.store(), index, ledger.store().size()),
            ledger.note(ledger.head()));
    Receipt receipt = new Receipt(0, ledger.store().envelope(index), payload.salt(), proof);
    return Files.writeString(dir.resolve("receipt.json"), receipt.toString());
  }

  @Test
  void verifiesAnExportAgainstAPin() throws Exception {
    Path export = export();
    assertEquals(0, verify(export, "--genesis", ledger.genesis().hash()), out::toString);
    assertTrue(out.toString().startsWith("verified\n"), out::toString);
    assertEquals(0, verify(export, "--policy", policy, "--json"), out::toString);
    assertTrue(json().bool("pinned"));
    assertEquals("21", json().text("size"));
    assertEquals(4, verify(export, "--genesis", "00".repeat(32)));
    assertTrue(out.toString().contains("genesis.json: SHA-256 is "), out::toString);
  }

  @Test
  void saysFirstAndLastThatNothingWasPinned() throws Exception {
    Path export = export();
    assertEquals(0, verify(export));
    String warning = "consistent in itself; genesis " + ledger.genesis().hash() + " NOT pinned";
    assertTrue(out.toString().startsWith(warning + "\n"), out::toString);
    assertTrue(out.toString().endsWith("\n" + warning + "\n"), out::toString);
    assertEquals(0, verify(export, "--json"));
    assertTrue(out.toString().contains("\"pinned\":false"), out::toString);
  }

  @Test
  void saysWhatIsBrokenWhereAndWhichEntry() throws Exception {
    Path export = export();
    Path rows = export.resolve("payloads/000.p/21");
    Files.writeString(rows, Files.readString(rows).replace("\"index\":\"7\"", "\"index\":\"8\""));
    assertEquals(4, verify(export, "--genesis", ledger.genesis().hash()));
    assertEquals(
        "NOT verified\npayloads/000.p/21: entry 7: row of entry 8 (expected: 7)\n", out.toString());
    assertEquals(4, verify(export, "--json"));
    assertEquals("7", json().text("entry"));
  }

  @Test
  @DisplayName("S69 a receipt verifies offline, from the policy alone")
  void verifiesAReceipt() throws Exception {
    Path receipt = receipt(7);
    assertEquals(0, verify(receipt, "--policy", policy), out::toString);
    assertTrue(out.toString().startsWith("verified\n"), out::toString);
    assertEquals(0, verify(receipt, "--policy", policy, "--json"));
    assertEquals("7", json().text("index"));
    assertEquals("stream-1", json().text("stream"));
    String good = Files.readString(receipt);
    Files.writeString(receipt, good.replace("\"index\":\"7\"", "\"index\":\"8\""));
    assertEquals(4, verify(receipt, "--policy", policy, "--json"));
    assertTrue(json().text("what").contains("index"), out::toString);
    Files.writeString(receipt, good);
    try (SampleLedger other = SampleLedger.stranger(dir.resolve("other"), 4)) {
      Files.writeString(policy, other.genesis().policy());
      assertEquals(4, verify(receipt, "--policy", policy));
      assertTrue(out.toString().startsWith("NOT verified\n"), out::toString);
    }
  }

  @Test
  void saysThatAReceiptNeedsAPolicy() throws Exception {
    assertEquals(2, verify(receipt(7), "--genesis", ledger.genesis().hash()));
    assertTrue(err.toString().contains("--policy FILE"), err::toString);
    Files.writeString(policy, "log nobody\n");
    assertEquals(2, verify(receipt(7), "--policy", policy));
    assertEquals(2, verify(dir.resolve("none")));
  }
}

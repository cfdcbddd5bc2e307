package io.tallystick.ledger.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.note.TlogProof;
import io.tallystick.ledger.receipt.ReceiptVerdict.Holds;
import io.tallystick.ledger.receipt.ReceiptVerdict.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ReceiptTest {
  private static final Bytes SALT = Bytes.wrap(Digest.sha256(new byte[] {1}).toArray());
  private static final Bytes CONTENT = Bytes.utf8("{\"event\":\"login\"}");

  @TempDir private Path directory;
  private SignedLedger ledger;
  private Receipt receipt;

  @BeforeEach
  void appendEleven() throws IOException {
    ledger = new SignedLedger(directory, 4, 3);
    for (int i = 0; i < 11; i++) {
      Bytes id = Bytes.wrap(Digest.sha256(new byte[] {(byte) i}).toArray()).slice(0, 16);
      ledger.append(
          "ci@example.com \"é\"",
          new RequestId(id),
          "s",
          "application/json",
          Payload.of(SALT, CONTENT));
    }
    receipt = ledger.receipt(7, 12, SALT);
  }

  @AfterEach
  void close() throws IOException {
    ledger.close();
  }

  @Test
  @DisplayName("S69 a receipt holds offline with nothing but the genesis")
  void holdsWithTheGenesisAlone() {
    Receipt read = Receipt.parse(Bytes.utf8(receipt.toString()));
    assertEquals(receipt, read);
    assertEquals(7, read.index());
    assertEquals(6, read.entry().streamIndex());
    assertTrue(read.isOf(CONTENT));
    assertFalse(read.isOf(Bytes.utf8("{\"event\":\"logout\"}")));
    long headSeconds = SignedLedger.timeMicros(12) / 1_000_000;
    assertEquals(new Holds(12, headSeconds), read.check(ledger.genesis()));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 10, 13})
  void needsAQuorumAtEverySize(int n) throws IOException {
    int quorum = (n + (n - 1) / 3 + 2) / 2;
    for (int lines = quorum - 1; lines <= n; lines++) {
      try (SignedLedger other = new SignedLedger(directory.resolve("n" + lines), n, lines)) {
        ReceiptVerdict verdict =
            other.receipt(0, 1, Bytes.wrap(new byte[32])).check(other.genesis());
        assertEquals(lines >= quorum, verdict instanceof Holds, verdict.toString());
      }
    }
  }

  @Test
  void showsItsMembersInOrder() throws JsonException {
    JsonObject json = CanonicalJson.parseCanonical(Bytes.utf8(receipt.toString()), 1 << 20);
    assertEquals(
        List.of(
            "envelope",
            "epoch",
            "id",
            "index",
            "leaf_hash",
            "proof",
            "salt",
            "stream",
            "stream_index",
            "time"),
        List.copyOf(json.members().keySet()));
    assertTrue(json.text("proof").startsWith("c2sp.org/tlog-proof@v1\nindex 7\n"));
  }

  @Test
  @DisplayName("S69 no byte of a receipt can be changed")
  void refusesEveryChangedByte() {
    byte[] text = Bytes.utf8(receipt.toString()).toArray();
    for (int i = 0; i < text.length; i++) {
      for (int flip : new int[] {0x01, 0x20}) {
        byte[] changed = text.clone();
        changed[i] ^= (byte) flip;
        assertRefused(Bytes.wrap(changed), i);
      }
    }
  }

  /** The salt vouches for the payload alone: with it changed, no payload fits. */
  private void assertRefused(Bytes text, int at) {
    Receipt changed;
    try {
      changed = Receipt.parse(text);
    } catch (MalformedReceiptException e) {
      assertTrue(String.valueOf(e.getMessage()).startsWith("receipt: "), e.getMessage());
      return;
    }
    boolean refused = changed.check(ledger.genesis()) instanceof Refused;
    assertTrue(refused || !changed.isOf(CONTENT), "byte " + at + ": " + changed);
  }

  @Test
  void refusesMissingUnknownAndContradictingMembers() throws JsonException {
    for (String member : receipt.json().members().keySet()) {
      JsonObject without = new JsonObject();
      receipt
          .json()
          .members()
          .forEach(
              (key, value) -> {
                if (!key.equals(member)) {
                  without.put(key, (String) value);
                }
              });
      assertThrows(MalformedReceiptException.class, () -> Receipt.of(without), member);
    }
    JsonObject more = receipt.json().put("note", "trust me");
    assertThrows(MalformedReceiptException.class, () -> Receipt.of(more));
    assertThrows(
        MalformedReceiptException.class, () -> Receipt.of(receipt.json().put("index", "8")));
    assertThrows(MalformedReceiptException.class, () -> Receipt.of(receipt.json().put("index", 7)));
    String laxSalt = receipt.json().text("salt").replace("=", "");
    assertThrows(
        MalformedReceiptException.class, () -> Receipt.of(receipt.json().put("salt", laxSalt)));
  }

  @Test
  void refusesLinesThatAreUnknownRepeatedOrOutOfOrder() throws JsonException {
    String proof = receipt.json().text("proof");
    List<String> lines = proof.lines().filter(line -> line.startsWith("— ")).toList();
    String swapped =
        proof.replace(lines.get(1) + "\n" + lines.get(2), lines.get(2) + "\n" + lines.get(1));
    String twice = proof + lines.get(3) + "\n";
    String stranger = proof + "— stranger.example AAAAAAAA\n";
    for (String each : List.of(swapped, twice, stranger)) {
      Receipt changed = Receipt.of(receipt.json().put("proof", each));
      assertInstanceOf(Refused.class, changed.check(ledger.genesis()), each);
    }
  }

  @Test
  void refusesAnotherLedgersReceiptAndAnotherEpochs() throws IOException {
    try (SignedLedger other = new SignedLedger(directory.resolve("other"), 7, 7)) {
      assertInstanceOf(Refused.class, receipt.check(other.genesis()));
    }
    Receipt later = new Receipt(1, receipt.envelope(), SALT, receipt.proof());
    assertInstanceOf(Refused.class, later.check(ledger.genesis()));
  }

  @Test
  void refusesAHeadOlderThanItsEntry() throws IOException {
    var head = ledger.sign(ledger.store().head(), SignedLedger.timeMicros(7) / 1_000_000 - 1);
    var proof =
        TlogProof.of(
            receipt.proof().inclusion(),
            HeadNote.of(head, ledger.genesis().logVkey(), ledger.genesis().membership()));
    Receipt old = new Receipt(0, receipt.envelope(), SALT, proof);
    assertInstanceOf(Refused.class, old.check(ledger.genesis()));
  }
}

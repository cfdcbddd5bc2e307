package io.tallystick.ledger.entry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EnvelopeTest {
  private static final String GOLDEN =
      "{\"client\":\"5f0c0123456789ab\","
          + "\"commitment\":\"dqHzKMM6O69hKw42qLrDe3cJSuNH5r9OaldIZzoLE6A=\","
          + "\"content_type\":\"application/json\",\"id\":\"000102030405060708090a0b0c0d0e0f\","
          + "\"kind\":\"event\",\"length\":\"1174\",\"principal\":\"ci@example.com\","
          + "\"stream\":\"cloudtrail\",\"stream_index\":\"41\","
          + "\"time\":\"2026-11-23T08:12:00.123456Z\",\"v\":1}";

  private static Envelope golden() {
    return new Envelope(
        "5f0c0123456789ab",
        Digest.of(Base64.getDecoder().decode("dqHzKMM6O69hKw42qLrDe3cJSuNH5r9OaldIZzoLE6A=")),
        "application/json",
        RequestId.fromHex("000102030405060708090a0b0c0d0e0f"),
        EntryKind.EVENT,
        1174,
        "ci@example.com",
        "cloudtrail",
        41,
        1_795_421_520_123_456L);
  }

  private static Envelope with(String principal, String contentType) {
    Envelope golden = golden();
    return new Envelope(
        golden.client(),
        golden.commitment(),
        contentType,
        golden.id(),
        golden.kind(),
        golden.length(),
        principal,
        golden.stream(),
        golden.streamIndex(),
        golden.timeMicros());
  }

  @Test
  void writesTheGoldenEnvelope() {
    assertEquals(GOLDEN, golden().encode().toUtf8());
  }

  @Test
  void readsBackWhatItWrites() {
    assertEquals(golden(), Envelope.parse(Bytes.utf8(GOLDEN)));
  }

  @Test
  void writesWhatCanonicalJsonWrites() throws JsonException {
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      Envelope envelope = with(anyPrincipal(random), "text/plain; x=\"" + i + "\\\"");
      Bytes bytes = envelope.encode();
      JsonObject parsed = CanonicalJson.parseCanonical(bytes, Envelope.BYTES_MAX);
      assertEquals(envelope.principal(), parsed.text("principal"));
      assertEquals(envelope, Envelope.parse(bytes));
    }
  }

  private static String anyPrincipal(Random random) {
    StringBuilder text = new StringBuilder();
    int points = 1 + random.nextInt(60);
    while (text.length() < points) {
      int point = random.nextInt(4) == 0 ? random.nextInt(0x11_0000) : "\"\\/a".charAt(points & 3);
      if (!Character.isISOControl(point) && (point < 0xd800 || point > 0xdfff)) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  @Test
  void fitsALeafHoweverMuchHasToBeEscaped() {
    Bytes largest = with("\"".repeat(255), "\\".repeat(255)).encode();
    assertTrue(largest.size() < 2_048);
    assertEquals(255, Envelope.parse(largest).principal().length());
  }

  @Test
  void tellsTheCommitmentOfALeafWithoutParsing() {
    Bytes leaf = golden().encode();
    assertTrue(Envelope.commits(leaf, golden().commitment()));
    assertFalse(Envelope.commits(leaf, Digest.ZERO));
    assertFalse(Envelope.commits(leaf.slice(0, 80), golden().commitment()));
  }

  @Test
  void refusesEveryOtherSpelling() {
    String[] wrong = {
      GOLDEN + " ",
      " " + GOLDEN,
      GOLDEN.replace("\"v\":1", "\"v\":2"),
      GOLDEN.replace("\"v\":1", "\"v\":1,\"w\":1"),
      GOLDEN.replace("event", "odd"),
      GOLDEN.replace("event", "system"),
      GOLDEN.replace("\"1174\"", "\"01174\""),
      GOLDEN.replace("\"1174\"", "\"-1\""),
      GOLDEN.replace("\"1174\"", "\"\""),
      GOLDEN.replace("\"1174\"", "\"9223372036854775808\""),
      GOLDEN.replace("\"1174\"", "1174"),
      GOLDEN.replace("13A=", "13B=").replace("LE6A=", "LE6B="),
      GOLDEN.replace("LE6A=", "LE6A"),
      GOLDEN.replace("000102", "0001zz"),
      GOLDEN.replace("0a0b0c", "0A0B0C"),
      GOLDEN.replace("ci@", "c\\u0069@"),
      GOLDEN.replace("ci@", "c\\i@"),
      GOLDEN.replace("ci@", "c\\u00"),
      GOLDEN.replace("ci@", "\\ud800@"),
      GOLDEN.replace("ci@", "\u0001@"),
      GOLDEN.replace("ci@example.com", "_system"),
      GOLDEN.replace("ci@example.com", ""),
      GOLDEN.replace("cloudtrail", "Cloudtrail"),
      GOLDEN.replace("cloudtrail", "_system"),
      GOLDEN.replace("2026-11-23", "2026-11-31"),
      GOLDEN.replace("08:12:00", "24:12:00"),
      GOLDEN.replace(".123456Z", ".123456+"),
      GOLDEN.substring(0, GOLDEN.length() - 1),
      "{}",
      "",
      GOLDEN.replace("ci@", "x".repeat(70_000)),
    };
    for (String text : wrong) {
      assertThrows(MalformedEntryException.class, () -> Envelope.parse(Bytes.utf8(text)), text);
    }
  }

  @Test
  void refusesBrokenUtf8() {
    byte[] bytes = GOLDEN.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    bytes[GOLDEN.indexOf("ci@")] = (byte) 0xff;
    assertThrows(MalformedEntryException.class, () -> Envelope.parse(Bytes.wrap(bytes)));
  }

  @Test
  void surviveNoSingleChangedByteUnnoticed() {
    Digest whole = Envelope.leafHash(Bytes.utf8(GOLDEN));
    for (int i = 0; i < GOLDEN.length(); i++) {
      byte[] bytes = Bytes.utf8(GOLDEN).toArray();
      bytes[i] ^= 1;
      Bytes changed = Bytes.wrap(bytes);
      boolean other;
      try {
        other = !Envelope.parse(changed).equals(golden());
      } catch (MalformedEntryException e) {
        other = e.getMessage() != null;
      }
      assertTrue(other && !Envelope.leafHash(changed).equals(whole), "byte " + i);
    }
  }

  @Test
  @DisplayName("S29 genesis is entry 0, made alike by everybody from the file alone")
  void makesGenesisTheEntryZero() {
    Bytes file = Bytes.utf8("{\"v\":1}");
    LedgerEntry entry = SystemEntry.genesis(file, 1_795_421_520_123_456L);
    assertEquals(
        "{\"client\":\"0000000000000000\",\"commitment\":\""
            + Base64.getEncoder()
                .encodeToString(Payload.commitment(SystemEntry.SALT, file).toArray())
            + "\",\"content_type\":\"application/json\",\"id\":\""
            + SystemEntry.id(0)
            + "\",\"kind\":\"system\",\"length\":\"7\",\"principal\":\"_system\","
            + "\"stream\":\"_system\",\"stream_index\":\"0\","
            + "\"time\":\"2026-11-23T08:12:00.123456Z\",\"v\":1}",
        entry.envelope().toUtf8());
    assertEquals(
        Digest.sha256(
                Bytes.wrap(
                    "tallystick/1/system\0\0\0\0\0\0\0\0\0"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)))
            .toHex()
            .substring(0, 32),
        SystemEntry.id(0).toString());
    assertEquals(EntryKind.SYSTEM, Envelope.parse(entry.envelope()).kind());
  }
}

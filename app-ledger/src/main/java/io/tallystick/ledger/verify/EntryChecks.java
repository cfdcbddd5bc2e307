package io.tallystick.ledger.verify;

import io.tallystick.bft.message.Payload;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.Genesis;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import io.tallystick.ledger.entry.MalformedEntryException;
import io.tallystick.ledger.entry.SystemEntry;
import io.tallystick.ledger.store.StreamTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/** Checks entries one after the other: form, numbering, time, and what their payload rows say. */
final class EntryChecks {
  private final Genesis genesis;
  private final Map<String, Long> nextOfStream = new HashMap<>(); // looked up, never iterated over
  private long index;
  private long timeMicros;
  private long withheld;

  EntryChecks(Genesis genesis) {
    this.genesis = genesis;
  }

  /** Checks the next entry's envelope, which stands in {@code file}. */
  Envelope envelope(String file, Bytes leaf) throws BrokenExportException {
    Envelope envelope;
    try {
      envelope = Envelope.parse(leaf);
    } catch (MalformedEntryException e) {
      throw BrokenExportException.at(file, index, "envelope: " + e.getMessage());
    }
    if (index == 0) {
      LedgerEntry first = SystemEntry.genesis(genesis.bytes(), genesis.timeMicros());
      if (!first.envelope().equals(leaf)) {
        throw BrokenExportException.at(
            file,
            index,
            "isn't the envelope of genesis.json (expected: " + first.envelope().toUtf8() + ")");
      }
    } else if (envelope.kind() == EntryKind.SYSTEM) {
      throw BrokenExportException.at(
          file, index, "a system entry of a kind that this version doesn't know");
    }
    if (nextOfStream.size() > StreamTable.STREAMS_MAX) {
      throw BrokenExportException.at(
          file, index, "one stream more than a ledger has (" + StreamTable.STREAMS_MAX + ")");
    }
    long next = nextOfStream.merge(envelope.stream(), 1L, Long::sum) - 1;
    if (envelope.streamIndex() != next) {
      throw BrokenExportException.at(
          file,
          index,
          "number "
              + envelope.streamIndex()
              + " in stream "
              + envelope.stream()
              + " (expected: "
              + next
              + ")");
    }
    if (envelope.timeMicros() < timeMicros) {
      throw BrokenExportException.at(
          file, index, "ledger time goes back by " + (timeMicros - envelope.timeMicros()) + " µs");
    }
    timeMicros = envelope.timeMicros();
    return envelope;
  }

  /** Checks the same entry's payload row, and goes on to the next entry. */
  void row(String file, Bytes row, Envelope envelope) throws BrokenExportException {
    try {
      JsonObject json = CanonicalJson.parseCanonical(row, Math.max(1, row.size()));
      if (json.has("withheld")) {
        json.allow("index", "withheld");
        if (!json.bool("withheld") || envelope.kind() == EntryKind.SYSTEM) {
          throw BrokenExportException.at(
              file, index, "withheld (expected: true, and no system entry)");
        }
        withheld++;
      } else if (json.has("erased")) {
        throw BrokenExportException.at(
            file, index, "erased by entry " + json.text("erased") + ", which is no order to erase");
      } else {
        json.allow("index", "payload", "salt");
        payload(
            file, envelope, base64(file, json.text("salt")), base64(file, json.text("payload")));
      }
      if (json.decimal("index") != index) {
        throw BrokenExportException.at(
            file, index, "row of entry " + json.text("index") + " (expected: " + index + ")");
      }
    } catch (JsonException e) {
      throw BrokenExportException.at(file, index, "payload row: " + e.getMessage());
    }
    index++;
  }

  private void payload(String file, Envelope envelope, Bytes salt, Bytes content)
      throws BrokenExportException {
    if (salt.size() != Payload.SALT_LENGTH) {
      throw BrokenExportException.at(
          file, index, "salt: " + salt.size() + " bytes (expected: " + Payload.SALT_LENGTH + ")");
    }
    Digest commitment = Payload.commitment(salt, content);
    if (content.size() != envelope.length() || !commitment.equals(envelope.commitment())) {
      throw BrokenExportException.at(
          file, index, "payload and salt don't give the envelope's commitment and length");
    }
    if (index == 0 && !content.equals(genesis.bytes())) {
      throw BrokenExportException.at(file, index, "isn't genesis.json byte for byte");
    }
  }

  private Bytes base64(String file, String text) throws BrokenExportException {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      if (Arrays.equals(Base64.getEncoder().encode(bytes), text.getBytes(StandardCharsets.UTF_8))) {
        return Bytes.wrap(bytes);
      }
    } catch (IllegalArgumentException e) {
      throw BrokenExportException.at(file, index, "base64: " + e.getMessage());
    }
    throw BrokenExportException.at(file, index, "base64 isn't canonical (expected: RFC 4648 4)");
  }

  long count() {
    return index;
  }

  long timeMicros() {
    return timeMicros;
  }

  long streams() {
    return nextOfStream.size();
  }

  long withheld() {
    return withheld;
  }
}

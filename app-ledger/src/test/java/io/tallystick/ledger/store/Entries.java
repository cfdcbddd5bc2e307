package io.tallystick.ledger.store;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes entries that differ, alike each time. */
final class Entries {
  private Entries() {}

  /** An entry whose leaf is what the published vectors have: "leaf i". */
  static LedgerEntry plain(long index) {
    Random random = new Random(index);
    byte[] salt = new byte[Payload.SALT_LENGTH];
    random.nextBytes(salt);
    byte[] content = new byte[random.nextInt(40)];
    random.nextBytes(content);
    return new LedgerEntry(Bytes.utf8("leaf " + index), Bytes.wrap(salt), Bytes.wrap(content));
  }

  static List<LedgerEntry> plain(long from, long to) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (long i = from; i < to; i++) {
      entries.add(plain(i));
    }
    return entries;
  }

  static RequestId id(long number) {
    return new RequestId(
        Bytes.wrap(Digest.sha256(Bytes.utf8("id " + number)).toArray()).slice(0, 16));
  }

  /** An entry with a proper envelope. */
  static LedgerEntry event(long id, String principal, String stream, long streamIndex) {
    Bytes salt = Bytes.wrap(new byte[Payload.SALT_LENGTH]);
    Bytes content = Bytes.utf8("content " + id);
    Envelope envelope =
        new Envelope(
            "0123456789abcdef",
            Payload.commitment(salt, content),
            "text/plain",
            id(id),
            EntryKind.EVENT,
            content.size(),
            principal,
            stream,
            streamIndex,
            1_000_000L + id);
    return new LedgerEntry(envelope.encode(), salt, content);
  }
}

package io.tallystick.ledger.entry;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.StatementWriter;

/** Builds the entries that the ledger makes itself: stream {@code _system}, the all-zero salt. */
public final class SystemEntry {
  /** The client of entries that no request made. */
  public static final String NO_CLIENT = "0000000000000000";

  /** The salt of system entries: they are never erased, so nothing needs hiding. */
  public static final Bytes SALT = Bytes.wrap(new byte[Payload.SALT_LENGTH]);

  private SystemEntry() {}

  /** The id of the system entry at {@code index}, when no request made it. */
  public static RequestId id(long index) {
    Bytes hash = Bytes.wrap(StatementWriter.context("system").u64(index).hash().toArray());
    return new RequestId(hash.slice(0, RequestId.LENGTH));
  }

  /** Entry 0: the genesis file is its payload, and its time is the one in that file. */
  public static LedgerEntry genesis(Bytes file, long timeMicros) {
    return of(0, 0, timeMicros, file);
  }

  /**
   * An entry that no request made.
   *
   * @param index in the ledger
   * @param streamIndex in {@code _system}
   * @param body canonical JSON
   */
  public static LedgerEntry of(long index, long streamIndex, long timeMicros, Bytes body) {
    Envelope envelope =
        new Envelope(
            NO_CLIENT,
            Payload.commitment(SALT, body),
            Names.JSON,
            id(index),
            EntryKind.SYSTEM,
            body.size(),
            Names.SYSTEM,
            Names.SYSTEM,
            streamIndex,
            timeMicros);
    return new LedgerEntry(envelope.encode(), SALT, body);
  }
}

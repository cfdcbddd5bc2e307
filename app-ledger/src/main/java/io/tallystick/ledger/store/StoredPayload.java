package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;

/** What is kept beside an entry's leaf. */
public sealed interface StoredPayload {
  /** Salt and content, as they came. */
  record Present(Bytes salt, Bytes content) implements StoredPayload {}

  /** Both are overwritten; {@code order} is the index of the entry that ordered it. */
  record Erased(long order) implements StoredPayload {}
}

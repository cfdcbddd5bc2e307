package io.tallystick.ledger.store;

import io.tallystick.crypto.Bytes;

/**
 * An entry as the store holds it.
 *
 * @param index in the ledger
 * @param envelope the leaf
 * @param payload what is beside it
 */
public record StoredEntry(long index, Bytes envelope, StoredPayload payload) {}

package io.tallystick.ledger.entry;

import io.tallystick.crypto.Bytes;

/**
 * An entry as it is appended: the envelope, and what is kept beside the tree.
 *
 * @param envelope the leaf
 * @param salt 32 bytes
 * @param content the payload
 */
public record LedgerEntry(Bytes envelope, Bytes salt, Bytes content) {}

/**
 * RFC 6962 Merkle trees over SHA-256: hashing, incremental roots, and inclusion, consistency and
 * range proofs, built from complete-subtree hashes and verified as RFC 9162 writes it; and the C2SP
 * tile and entry-bundle layouts that the trees are stored, served and exported in.
 *
 * <p>Called by the ledger's state machine and store, by bundles (whose requests are leaves of a
 * tree), by followers, receipts and {@code tally verify}. Pure: no I/O, clock, thread or
 * randomness. Values are immutable; {@link io.tallystick.crypto.merkle.CompactRange} and {@link
 * io.tallystick.crypto.merkle.MerkleTree} are mutable and belong to one thread at a time. A proof
 * that doesn't verify is {@code false}; text or bytes that don't parse are a {@link
 * io.tallystick.crypto.merkle.MalformedTreeException}.
 */
@NullMarked
package io.tallystick.crypto.merkle;

import org.jspecify.annotations.NullMarked;

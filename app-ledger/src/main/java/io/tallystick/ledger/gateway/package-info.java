/**
 * The ledger over HTTP (design 14): appends with idempotency keys, requests whose outcome was
 * unknown, entries with proofs, streams, the files of an export, and the cluster's state.
 *
 * <p>Runs in a process of its own, which trusts no replica and need not be trusted by auditors:
 * what it answers to an append is a receipt that is checked without it. Appends go through {@link
 * io.tallystick.ledger.client.Ledger}; reads come from a verified copy ({@link
 * io.tallystick.ledger.follower.VerifiedCopy}), on Armeria's blocking threads, and never load
 * consensus. Handlers run on event loops and never block. Never 200 or 201 before an entry is
 * committed and proved; proof and checkpoint always of one size. Whatever is refused is a problem
 * document (RFC 9457) that says which rule, and what would be right.
 */
@NullMarked
package io.tallystick.ledger.gateway;

import org.jspecify.annotations.NullMarked;

/**
 * The ledger as a replicated state machine: who may append, what a batch does, how requests ended,
 * and what of all that is on disk (design 12, 13).
 *
 * <p>The host calls {@link io.tallystick.ledger.state.LedgerStateMachine}: {@code execute} and
 * {@code stateDigest} on its application thread, {@code sync} on another, and {@code outcome},
 * {@code read} and {@code appendix} beside both. Everything here is deterministic: same batches,
 * same outcomes, heads and digests, whatever was restarted in between. After a crash all files are
 * cut to the newest mark, and the batches after it are executed again; nothing that wasn't synced
 * before a mark is ever trusted.
 */
@NullMarked
package io.tallystick.ledger.state;

import org.jspecify.annotations.NullMarked;

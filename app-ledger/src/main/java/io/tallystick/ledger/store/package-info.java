/**
 * The ledger on disk: append-only files whose slices are C2SP tiles and entry bundles, the payloads
 * beside them, and indexes that can be rebuilt from them.
 *
 * <p>Called by the state machine, by followers and by the gateway. One thread appends; any number
 * read beside it, and see what a whole append has written, never a part; {@code sync} runs on a
 * thread of its own. Nothing is overwritten but erased payloads, tail blocks of indexes and marks.
 * Which part of the files counts is said by a {@link io.tallystick.ledger.store.MarkFile} that is
 * synced after them; whatever a crash left behind that is cut off at the next start. Files that are
 * shorter than the mark says are damage, and a {@link
 * io.tallystick.ledger.store.DamagedStoreException} names file and offset.
 */
@NullMarked
package io.tallystick.ledger.store;

import org.jspecify.annotations.NullMarked;

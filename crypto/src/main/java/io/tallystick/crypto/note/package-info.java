/**
 * The open formats in which the ledger shows itself to the world: C2SP signed notes, checkpoints,
 * timestamped cosignatures, tlog-proofs and tlog-policies (formats page, 1.2 to 1.7), parsed
 * strictly and written in one spelling.
 *
 * <p>Called by whoever assembles, serves or checks tree heads: the state machine, gateway,
 * follower, receipts, {@code tally verify}. Pure: no I/O, clock, thread or randomness; every type
 * is immutable and safe on any thread. Text that doesn't parse is a {@link
 * io.tallystick.crypto.note.MalformedNoteException}, the only failure of the parsers; what parses
 * but doesn't verify is a {@link io.tallystick.crypto.note.Refusal}, as a value. Input is bounded
 * before it is looked at: notes and policies to 1 MB, signature lines to 100.
 */
@NullMarked
package io.tallystick.crypto.note;

import org.jspecify.annotations.NullMarked;

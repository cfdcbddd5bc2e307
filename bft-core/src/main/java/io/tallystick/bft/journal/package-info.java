/**
 * What a replica writes down before it speaks, and the executed batches it keeps for those who
 * missed them (design 10).
 *
 * <p>The host opens, replays and starts a journal on its own thread; after that the engine's thread
 * appends and cuts, the journal's own thread writes, syncs in groups and calls back. Records are
 * bytes here; {@code codec} knows what they say.
 *
 * <p><b>Files.</b> {@code <number>.journal} are segments of one length, written with zeros and
 * synced before use, so that a sync of a group changes no metadata. A segment begins with a header
 * (cluster, replica, number, absolute offset, first position); then come groups, each with a header
 * that says how far the sync before it had made the journal durable. From that follows what a
 * damaged byte is. Past the last such mark it is the torn tail of a group that nobody relied on:
 * cut, with a log line. Before it, or in a segment that has a successor, it is damage, and never
 * skipped. Each group also names the first segment that is still needed, synced before any is
 * deleted: so a missing one is told from one that was cut, and a crash between two deletions is
 * harmless.
 *
 * <p><b>Invariants.</b> Positions ascend by one without gaps. {@code durable} is called only after
 * a sync that covers what it names. A failed write or sync is final; a full disk is not: it is
 * announced while the preallocated rest is still there, and records that find no room are held
 * until there is.
 */
@NullMarked
package io.tallystick.bft.journal;

import org.jspecify.annotations.NullMarked;

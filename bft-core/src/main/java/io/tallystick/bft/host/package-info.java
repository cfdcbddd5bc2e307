/**
 * The only threads, timers and signing of a replica: runs the engine, carries out its effects.
 *
 * <p>One engine thread takes events in order; the journal's thread writes and syncs in groups; one
 * thread signs; the application's thread executes; one answers clients, one syncs, one reads, one
 * sends batches from the archive. The network hands in bytes on its verification pool through
 * {@code Inbound}, and takes bytes through {@code Transport}.
 *
 * <pre>
 *  network pool: decode, verify ──► lane of that peer, or of clients ─┐
 *  journal, signer, application, sync ──► lane of our own events ─────┴─► engine thread
 *                                                                           │ effects, in order
 *   journal ◄─ persist, cut │ signer ◄─ sign │ application ◄─ execute │ send barrier ◄─ send
 * </pre>
 *
 * <p><b>Invariants.</b> What names a journal position leaves after that position is durable. Our
 * own events are never dropped (the engine bounds how many there can be); others' are, when their
 * sender's lane is full, and no lane takes another's room. Whoever runs an embedded replica opens a
 * {@code ReplicaHost}, starts it with a transport, and closes it.
 */
@NullMarked
package io.tallystick.bft.host;

import org.jspecify.annotations.NullMarked;

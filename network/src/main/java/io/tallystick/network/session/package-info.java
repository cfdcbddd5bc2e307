/**
 * Authenticated sessions: frames in and out of one connection, and the verification pool that takes
 * what they received.
 *
 * <p>{@code network.link} makes a session when a handshake is done. Reading, writing and timing run
 * on the connection's event loop; {@link io.tallystick.network.session.Session#send} and {@code
 * close} may be called on any thread; {@link io.tallystick.network.session.SessionEvents} are
 * called on the pool, in order for one session, one at a time for one session, several sessions at
 * once.
 *
 * <p>What always holds: each session's memory, in and out, is bounded; a session that has as much
 * unprocessed as it may isn't read from, and no other session notices; no session gets a second
 * turn on the pool while another waits; what can't be queued is dropped and counted; the first
 * wrong frame is the last.
 */
@NullMarked
package io.tallystick.network.session;

import org.jspecify.annotations.NullMarked;

/**
 * Frames: what a session's bytes are cut into (design 5).
 *
 * <pre>
 * u32 length of the payload || u64 counter || MAC[32] || payload
 * </pre>
 *
 * <p>The MAC is HMAC-SHA-256 over length, counter and payload, under the direction's key. On a TLS
 * link there is none: TLS protects the frame. Counters start at 0 in each direction, and go up by
 * one. A payload of no bytes keeps the session alive and means nothing.
 *
 * <p>Called by {@code network.session}, on the connection's event loop alone. What always holds: a
 * length over the limit or a counter that isn't the next is noticed from the first twelve bytes; no
 * byte of a payload is handed on before its MAC is checked; memory grows with what arrived, never
 * with what was announced.
 */
@NullMarked
package io.tallystick.network.frame;

import org.jspecify.annotations.NullMarked;

/**
 * The mutual handshake that every connection starts with (design 5): who is who, which wire
 * version, and fresh session keys. Pure: bytes in, bytes out; no socket, no thread, no clock.
 *
 * <p>Called by {@code network.link} on an event loop, one thread per handshake. Four messages:
 *
 * <pre>
 * initiator                                            responder
 *   HELLO: versions, cluster, ids, key, nonce, …  ──▶
 *                    ◀──  HELLO of its own, signature over the transcript
 *   AUTH: signature over the transcript           ──▶
 *                                        ◀──  ACCEPT, or REFUSE with a reason
 * </pre>
 *
 * <p>Both sign one and the same transcript: everything that both said, and the tls-exporter value
 * where the link is TLS. So a version offer that was stripped, an id that was swapped, or a relay
 * between two TLS connections is noticed by both. What always holds: nothing is attributed to a key
 * before its signature over the peer's fresh nonce verified; what isn't understood is refused with
 * a typed reason, never an exception.
 */
@NullMarked
package io.tallystick.network.handshake;

import org.jspecify.annotations.NullMarked;

/**
 * TLS 1.3 for links that leave the machine (design 5), by the JDK's JSSE.
 *
 * <p>Certificates prove nothing here: the server shows one made for this process, the client shows
 * none, and nobody checks them. What authenticates both sides are their identity keys, pinned in
 * genesis: both sign the handshake's transcript, and that contains the connection's tls-exporter
 * value (RFC 8446 section 7.5, RFC 9266). Somebody in the middle has two TLS connections with two
 * values, so neither side's signature verifies for the other. Called by {@code network.link}, on
 * event loops.
 */
@NullMarked
package io.tallystick.network.tls;

import org.jspecify.annotations.NullMarked;

/**
 * Connections: listening, dialling, TLS where it is due, and the handshake, until a session takes
 * over. Called by {@code io.tallystick.network}; runs on event loops, name resolution on a virtual
 * thread.
 *
 * <p>What always holds: a connection that hasn't proved who it is costs a stated number of bytes
 * and seconds, and there is a stated number of them; a connection from another machine is TLS
 * unless configured to be insecure; a dialler is either connected, or waiting for its backoff, or
 * closed.
 */
@NullMarked
package io.tallystick.network.link;

import org.jspecify.annotations.NullMarked;

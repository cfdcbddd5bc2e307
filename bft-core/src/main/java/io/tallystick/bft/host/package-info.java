/**
 * The only threads, timers and signing of a replica: runs the engine, carries out its effects.
 *
 * <p>One engine thread takes events in order; the journal's thread writes and syncs in groups; the
 * application's thread executes; one more syncs it; one reads. The network hands in bytes on its
 * verification pool through {@code Inbound}, and takes bytes through {@code Transport}.
 */
@NullMarked
package io.tallystick.bft.host;

import org.jspecify.annotations.NullMarked;

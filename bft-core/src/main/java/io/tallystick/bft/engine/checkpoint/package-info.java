/**
 * Checkpoints and published heads: what a quorum says alike, and when the journal may be cut
 * (design 7).
 *
 * <p>Pure like all of the engine: called by {@code step} on the host's one engine thread, with no
 * clock, I/O, randomness or hash order of its own.
 */
@NullMarked
package io.tallystick.bft.engine.checkpoint;

import org.jspecify.annotations.NullMarked;

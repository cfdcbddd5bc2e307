/**
 * Catching up: what is missing, whom to ask, and what may be believed (design 9).
 *
 * <p>Pure like all of the engine: called by {@code step} on the host's one engine thread, with no
 * clock, I/O, randomness or hash order of its own.
 */
@NullMarked
package io.tallystick.bft.engine.transfer;

import org.jspecify.annotations.NullMarked;

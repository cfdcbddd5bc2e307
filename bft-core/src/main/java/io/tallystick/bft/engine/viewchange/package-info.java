/**
 * The room of view changes: which view the replica is in, and what a new view starts with (design
 * 8).
 *
 * <p>Pure like all of the engine: called by {@code step} on the host's one engine thread, with no
 * clock, I/O, randomness or hash order of its own.
 */
@NullMarked
package io.tallystick.bft.engine.viewchange;

import org.jspecify.annotations.NullMarked;

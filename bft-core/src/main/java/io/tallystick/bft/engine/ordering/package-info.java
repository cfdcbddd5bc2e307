/**
 * The normal case: pre-prepare, prepare and commit of many slots between the watermarks, and the
 * bundles that wait for them (design 6).
 *
 * <p>Pure like all of the engine: called by {@code step} on the host's one engine thread, with no
 * clock, I/O, randomness or hash order of its own.
 */
@NullMarked
package io.tallystick.bft.engine.ordering;

import org.jspecify.annotations.NullMarked;

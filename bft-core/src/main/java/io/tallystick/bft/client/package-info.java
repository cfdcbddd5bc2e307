/**
 * The client's side of the protocol: when a bundle is done, when a receipt is held, whom to ask
 * next (design 12).
 *
 * <p>Pure like all of the engine: driven by its {@code step} on one thread of its host, with no
 * clock, I/O, randomness or hash order of its own.
 */
@NullMarked
package io.tallystick.bft.client;

import org.jspecify.annotations.NullMarked;

/**
 * The parsing boundary's second half: semantic checks, signatures, and the cache of what verified.
 *
 * <p>The only package that can make a {@link io.tallystick.bft.verify.Verified}. Called on the
 * network's verification pool, by the journal's replay and by the simulator, all through the same
 * methods. What fails here is data ({@code Verdict}), never an exception, and costs its sender
 * only.
 */
@NullMarked
package io.tallystick.bft.verify;

import org.jspecify.annotations.NullMarked;

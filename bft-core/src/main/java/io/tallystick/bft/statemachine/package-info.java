/**
 * What an application implements to be replicated.
 *
 * <p>Called by the host: {@code execute} and {@code stateDigest} on the one application thread, in
 * sequence order; {@code sync} on another; reads on a third, beside execution. An application must
 * be deterministic: same batches and ledger times, same outcomes, heads and digests.
 */
@NullMarked
package io.tallystick.bft.statemachine;

import org.jspecify.annotations.NullMarked;

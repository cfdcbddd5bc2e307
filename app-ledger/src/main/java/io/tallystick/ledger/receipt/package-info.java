/**
 * Receipts: what an append answers, and what anybody can check offline with the genesis file or a
 * trust policy and nothing else (formats page, "A receipt in JSON").
 *
 * <p>Built by the gateway and the client from what they have verified; parsed and checked by {@code
 * tally verify} and by callers. Values only: any thread, no I/O, no clock. Input is bounded before
 * it is looked at, and what isn't exactly a receipt is refused with the member that is wrong.
 */
@NullMarked
package io.tallystick.ledger.receipt;

import org.jspecify.annotations.NullMarked;

/** Tests of receipts: what they hold, and that no byte of them can be changed. */
@NullMarked
package io.tallystick.ledger.receipt;

import org.jspecify.annotations.NullMarked;

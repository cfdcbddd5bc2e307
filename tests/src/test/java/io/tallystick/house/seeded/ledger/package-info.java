/** Stands in for {@code app-ledger}; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.ledger;

import org.jspecify.annotations.NullMarked;

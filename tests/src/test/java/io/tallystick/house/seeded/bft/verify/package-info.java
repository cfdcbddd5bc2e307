/** Stands in for {@code verify}; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.verify;

import org.jspecify.annotations.NullMarked;

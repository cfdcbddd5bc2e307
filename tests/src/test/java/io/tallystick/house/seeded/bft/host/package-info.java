/** Stands in for the host; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.host;

import org.jspecify.annotations.NullMarked;

/** Stands in for {@code network}; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.network;

import org.jspecify.annotations.NullMarked;

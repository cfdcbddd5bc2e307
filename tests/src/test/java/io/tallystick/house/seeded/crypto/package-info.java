/** Stands in for {@code crypto}; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.crypto;

import org.jspecify.annotations.NullMarked;

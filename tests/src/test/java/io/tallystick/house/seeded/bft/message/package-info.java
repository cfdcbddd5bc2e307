/** Stands in for the vocabulary; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.message;

import org.jspecify.annotations.NullMarked;

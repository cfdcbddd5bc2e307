/** Stands in for the application; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.statemachine;

import org.jspecify.annotations.NullMarked;

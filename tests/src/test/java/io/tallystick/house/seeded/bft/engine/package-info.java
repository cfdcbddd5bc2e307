/** Stands in for the engine; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.engine;

import org.jspecify.annotations.NullMarked;

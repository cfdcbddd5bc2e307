/** Stands in for the client's side; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.bft.client;

import org.jspecify.annotations.NullMarked;

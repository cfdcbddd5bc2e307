/** Stands in for {@code config}; what is wrong here is meant to be caught. */
@NullMarked
package io.tallystick.house.seeded.config;

import org.jspecify.annotations.NullMarked;

/** Tests of {@code io.tallystick.bft.engine}; called by the test engine alone. */
@NullMarked
package io.tallystick.bft.engine;

import org.jspecify.annotations.NullMarked;

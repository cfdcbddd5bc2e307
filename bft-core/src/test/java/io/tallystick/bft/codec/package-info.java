/** Tests of {@code io.tallystick.bft.codec}; called by the test engine alone. */
@NullMarked
package io.tallystick.bft.codec;

import org.jspecify.annotations.NullMarked;

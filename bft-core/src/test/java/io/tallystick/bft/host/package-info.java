/** Tests of {@code io.tallystick.bft.host}; called by the test engine alone. */
@NullMarked
package io.tallystick.bft.host;

import org.jspecify.annotations.NullMarked;

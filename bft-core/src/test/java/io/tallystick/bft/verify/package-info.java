/** Tests of {@code io.tallystick.bft.verify}; called by the test engine alone. */
@NullMarked
package io.tallystick.bft.verify;

import org.jspecify.annotations.NullMarked;

/** Tests of {@code io.tallystick.bft.journal}; called by the test engine alone. */
@NullMarked
package io.tallystick.bft.journal;

import org.jspecify.annotations.NullMarked;

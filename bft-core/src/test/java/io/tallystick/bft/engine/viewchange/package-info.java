/** Tests of what a new view starts with, against a second, naive way to choose it. */
@NullMarked
package io.tallystick.bft.engine.viewchange;

import org.jspecify.annotations.NullMarked;

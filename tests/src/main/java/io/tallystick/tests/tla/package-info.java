/**
 * {@code tests/run tla}: TLC, the model checker, on the specification in {@code tests/tla}, and on
 * copies of it in each of which one rule is broken.
 *
 * <p>TLC keeps its state in static fields, so each model is a process of its own, one after the
 * other, in a directory that is gone afterwards.
 */
@NullMarked
package io.tallystick.tests.tla;

import org.jspecify.annotations.NullMarked;

/**
 * {@code tests/run scenarios}: which of the 75 things that broke other systems have a test here.
 *
 * <p>A test claims a scenario by its number at the start of its display name. Nothing is run: that
 * the tests pass is what {@code mvn verify} says.
 */
@NullMarked
package io.tallystick.tests.scenarios;

import org.jspecify.annotations.NullMarked;

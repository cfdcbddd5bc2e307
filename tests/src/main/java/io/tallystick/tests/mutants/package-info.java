/**
 * Tests of the tests: known mistakes of protocol engines, put into a copy of one source at a time,
 * each of which the simulator or the explorer must find. Nothing of a mutant touches the checkout:
 * its class comes first on the class path of a process of its own.
 */
@NullMarked
package io.tallystick.tests.mutants;

import org.jspecify.annotations.NullMarked;

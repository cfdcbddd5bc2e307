/**
 * The whole thing, end to end: real processes, real sockets on loopback, journals that sync, and
 * the command line as people use it.
 *
 * <p>What starts, watches and breaks processes is main code, for {@code tests/run processes}; the
 * tests are beside it. JUnit's one thread runs the tests, one after the other. {@link Processes}
 * knows all that a test class started and ends it by process id, whatever happens; {@link Cluster}
 * is a directory of {@code tally dev} with its processes; {@link Await} is the only way to wait,
 * and is always bounded. Nothing here calls the product's classes to do what a person would do by
 * command or by HTTP; they are used to make broken inputs, and to check answers.
 */
@NullMarked
package io.tallystick.e2e;

import org.jspecify.annotations.NullMarked;

/**
 * The deterministic simulator: the real engine, journal and client code of a whole cluster in one
 * thread, in virtual time, on simulated networks, disks and clocks; a run follows from its seed.
 * {@link io.tallystick.tests.sim.World} is one run, {@link io.tallystick.tests.sim.Oracle} the
 * properties of design 3 that are looked at after every step, {@link
 * io.tallystick.tests.sim.SimCommand} what {@code tests/run sim} starts. Several runs at a time go
 * on as many threads, and share nothing but settings, which are immutable.
 */
@NullMarked
package io.tallystick.tests.sim;

import org.jspecify.annotations.NullMarked;

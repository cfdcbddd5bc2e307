/**
 * The explorer: the real engine of four replicas in every order of deliveries, duplicates,
 * timeouts, syncs, crashes and lies, to a bounded depth, each state visited once. {@link
 * io.tallystick.tests.explore.Board} is one state, reached again by repeating its moves; {@link
 * io.tallystick.tests.explore.Search} walks. Two threads share the set of visited states only.
 */
@NullMarked
package io.tallystick.tests.explore;

import org.jspecify.annotations.NullMarked;

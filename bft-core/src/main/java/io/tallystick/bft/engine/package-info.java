/**
 * The replica as a pure, deterministic state machine: {@code Replica.step(event, now, effects)}.
 *
 * <p>No thread, clock, socket, file, random source, logger or hash order: the same object runs
 * under the production host, in the simulator and in the explorer. The host calls it on one thread.
 * It holds no key: what it wants signed it asks for, and gets back as an event. Everything that it
 * vouches for is on disk before it leaves, because every send names the journal position that it
 * waits for (design 6 to 10; Castro and Liskov, OSDI 1999, section 4).
 */
@NullMarked
package io.tallystick.bft.engine;

import org.jspecify.annotations.NullMarked;

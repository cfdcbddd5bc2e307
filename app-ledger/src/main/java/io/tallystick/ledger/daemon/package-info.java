/**
 * Processes: a replica or a gateway put together from its configuration, with what an operator
 * needs around it (process id, lock of the data directory, metrics and health, orderly stop).
 *
 * <p>Called by the command line, on the main thread, which waits here until the process is to end.
 * Invariants: a process that can't start says why in one message and ends with status 2, or 5 when
 * a person must look; two processes never share a data directory; {@code pid} is there while the
 * process runs, and removed at an orderly stop.
 */
@NullMarked
package io.tallystick.ledger.daemon;

import org.jspecify.annotations.NullMarked;

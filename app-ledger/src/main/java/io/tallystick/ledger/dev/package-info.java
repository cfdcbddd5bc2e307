/**
 * {@code tally dev} and {@code tally demo}: a whole cluster as separate processes on this machine.
 *
 * <p>Called by the command line, on the main thread; one more thread, a shutdown hook, stops the
 * children when this process is asked to end. Invariants: every process that is started here is
 * stopped here; a child that dies is reported and left dead; a directory whose processes still run
 * is refused.
 */
@NullMarked
package io.tallystick.ledger.dev;

import org.jspecify.annotations.NullMarked;

/**
 * The {@code tally} command line (design 15): parses arguments, calls the rooms that do the work,
 * and says what came of it to a person, or with {@code --json} to a machine.
 *
 * <p>Called by the operating system, on the main thread. Invariants: results go to standard output,
 * progress and complaints to standard error; an expected failure is one message without a stack
 * trace, and one of the exit statuses of {@link io.tallystick.ledger.cli.ExitStatus}; commands that
 * talk to a gateway trust nothing of it that they can check.
 */
@NullMarked
package io.tallystick.ledger.cli;

import org.jspecify.annotations.NullMarked;

/**
 * Checks an export from nothing but its files and a pin: {@code tally verify}.
 *
 * <p>Shares the formats with the rest and none of its state: it recomputes every hash from the
 * entries, compares every tile, checks every signature of the checkpoint, and refuses a file too
 * many as well as one too few. Reads the files once, in order, on the caller's thread, and holds
 * little more than one entry bundle and a counter for each stream (design 13).
 */
@NullMarked
package io.tallystick.ledger.verify;

import org.jspecify.annotations.NullMarked;

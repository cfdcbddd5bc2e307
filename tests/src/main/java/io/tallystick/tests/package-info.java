/**
 * The instruments that find the project's mistakes, as {@code tests/run} starts them: one class
 * that says what an instrument does with its options, in a package of its own.
 *
 * <p>{@link Run} is called by the script, on the main thread, and ends the process with 0 (all
 * well), 1 (violations) or 2 (usage, or the instrument could not do its work). What an instrument
 * prints on standard output is its result; everything else goes to standard error.
 */
@NullMarked
package io.tallystick.tests;

import org.jspecify.annotations.NullMarked;

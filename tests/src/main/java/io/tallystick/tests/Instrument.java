package io.tallystick.tests;

import java.io.PrintStream;

/** One command of {@code tests/run}. */
public interface Instrument {
  /** Exit status: all well. */
  int ALL_WELL = 0;

  /** Exit status: something that must not be was found. */
  int VIOLATIONS = 1;

  /** Exit status: options that make no sense, or work that couldn't be done. */
  int USAGE = 2;

  /** What it is called by. */
  String name();

  /** Its options and what it does, in a line. */
  String usage();

  /**
   * Does its work.
   *
   * @param arguments what stands after its name
   * @param out takes the result
   * @return an exit status
   * @throws UsageException when the options make no sense
   */
  int run(Arguments arguments, PrintStream out) throws Exception;
}

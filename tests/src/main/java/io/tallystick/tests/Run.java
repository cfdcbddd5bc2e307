package io.tallystick.tests;

import io.tallystick.e2e.ProcessRounds;
import io.tallystick.tests.explore.ExploreCommand;
import io.tallystick.tests.mutants.MutantsCommand;
import io.tallystick.tests.scenarios.ScenarioList;
import io.tallystick.tests.sim.SimCommand;
import io.tallystick.tests.tla.ModelCheck;
import java.util.List;
import java.util.Set;

/** What {@code tests/run} starts. */
public final class Run {
  /** All instruments; a new one is a line here. */
  private static final List<Instrument> INSTRUMENTS =
      List.of( //
          new ScenarioList(), //
          new SimCommand(), //
          new ExploreCommand(), //
          new MutantsCommand(), //
          new ModelCheck(), //
          new ProcessRounds());

  /** Of all instruments, the options without a value. */
  private static final Set<String> FLAGS = Set.of("--large", "--shrink", "--small", "--stop");

  private Run() {}

  /** Runs one instrument, and exits. */
  public static void main(String[] args) throws Exception {
    System.exit(run(List.of(args)));
  }

  private static int run(List<String> args) throws Exception {
    for (Instrument instrument : INSTRUMENTS) {
      if (!args.isEmpty() && instrument.name().equals(args.getFirst())) {
        try {
          List<String> rest = args.subList(1, args.size());
          return instrument.run(Arguments.parse(rest, FLAGS), System.out);
        } catch (UsageException e) {
          System.err.println("tests/run " + instrument.name() + ": " + e.getMessage());
          System.err.println("usage: tests/run " + instrument.usage());
          return Instrument.USAGE;
        }
      }
    }
    System.err.println("usage: tests/run <instrument> [options]; the instruments:");
    INSTRUMENTS.forEach(instrument -> System.err.println("  " + instrument.usage()));
    return Instrument.USAGE;
  }
}

package io.tallystick.tests.mutants;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Checkout;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code tests/run mutants}: whether the instruments find what is known to be wrong. */
public final class MutantsCommand implements Instrument {
  private static final int SMALL = 3;
  private static final int WAYS_MAX = 7;

  @Override
  public String name() {
    return "mutants";
  }

  @Override
  public String usage() {
    return "mutants [--only WORDS] [--small]: puts known mistakes into the engine, and looks"
        + " whether they are found";
  }

  @Override
  public int run(Arguments arguments, PrintStream out)
      throws UsageException, IOException, InterruptedException {
    String only = arguments.text("--only").orElse("");
    boolean small = arguments.flag("--small");
    arguments.end();
    List<Mutant> mutants =
        Corpus.all().stream().filter(mutant -> mutant.name().contains(only)).toList();
    if (mutants.isEmpty()) {
      throw new UsageException("--only: " + only + " (in no mutant's name)");
    }
    if (small) {
      mutants = spread(mutants);
    }
    Path scratch = Files.createTempDirectory("mutants");
    try {
      return hunt(mutants, new Hunt(Checkout.find().home(), scratch, WAYS_MAX), out);
    } finally {
      delete(scratch);
    }
  }

  private static List<Mutant> spread(List<Mutant> mutants) {
    int step = Math.max(1, mutants.size() / SMALL);
    return Stream.iterate(0, i -> i + step)
        .limit(Math.min(SMALL, mutants.size()))
        .map(mutants::get)
        .toList();
  }

  private static int hunt(List<Mutant> mutants, Hunt hunt, PrintStream out)
      throws IOException, InterruptedException {
    int caught = 0;
    for (int i = 0; i < mutants.size(); i++) {
      long began = System.nanoTime();
      Optional<String> how = hunt.run(mutants.get(i), i);
      caught += how.isPresent() ? 1 : 0;
      out.println(
          String.format(
              Locale.ROOT,
              "%-56s %6.1f s  %s",
              mutants.get(i).name(),
              (System.nanoTime() - began) / 1e9,
              how.orElse("MISSED")));
    }
    out.println(
        "mutants=" + mutants.size() + " caught=" + caught + " missed=" + (mutants.size() - caught));
    return caught == mutants.size() ? ALL_WELL : VIOLATIONS;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

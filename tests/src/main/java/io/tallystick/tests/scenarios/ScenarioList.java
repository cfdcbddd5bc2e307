package io.tallystick.tests.scenarios;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Checkout;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Prints a line for each scenario: the test classes that name it, or why there is none. */
public final class ScenarioList implements Instrument {
  private static final int COUNT = 75;

  /** Reconfiguration, which isn't there yet: its scenarios may be without a test. */
  private static final int RECONFIGURATION_FIRST = 60;

  private static final int RECONFIGURATION_LAST = 65;

  /** What concerns something that this system doesn't have. */
  private static final Map<Integer, String> ABSENT =
      Map.of(
          30, "bodies and entries travel whole, nothing is erasure-coded",
          39, "there is one path of three phases, no fast or speculative one",
          66, "no read is answered by replicas outside of the order: reads come from copies");

  private static final Pattern DISPLAY_NAME =
      Pattern.compile("@DisplayName\\(\\s*\"((?:S\\d+[ ,]+)+)");
  private static final Pattern NUMBER = Pattern.compile("S(\\d+)");

  @Override
  public String name() {
    return "scenarios";
  }

  @Override
  public String usage() {
    return "scenarios: a line for each scenario, with the test classes that name it";
  }

  @Override
  public int run(Arguments arguments, PrintStream out) throws IOException, UsageException {
    arguments.end();
    List<String> lines = lines(named(Checkout.find().testSources()));
    lines.forEach(out::println);
    List<String> missing =
        lines.stream().filter(line -> line.endsWith(" none yet") && !mayWait(line)).toList();
    if (missing.isEmpty()) {
      return ALL_WELL;
    }
    System.err.println(missing.size() + " scenarios without a test that have nothing to wait for");
    return VIOLATIONS;
  }

  /** The test classes that name a scenario, by its number. */
  static SortedMap<Integer, SortedSet<String>> named(List<Path> sources) throws IOException {
    SortedMap<Integer, SortedSet<String>> named = new TreeMap<>();
    for (Path source : sources) {
      String file = source.getFileName().toString();
      String type = file.substring(0, file.length() - ".java".length());
      for (int number : numbers(Files.readString(source))) {
        named.computeIfAbsent(number, _ -> new TreeSet<>()).add(type);
      }
    }
    return named;
  }

  /** The numbers that the display names in a source begin with. */
  static SortedSet<Integer> numbers(String source) {
    SortedSet<Integer> numbers = new TreeSet<>();
    Matcher names = DISPLAY_NAME.matcher(source);
    while (names.find()) {
      Matcher each = NUMBER.matcher(names.group(1));
      while (each.find()) {
        numbers.add(Integer.parseInt(each.group(1)));
      }
    }
    return numbers;
  }

  /** What is printed: 75 lines. */
  static List<String> lines(SortedMap<Integer, SortedSet<String>> named) {
    List<String> lines = new ArrayList<>();
    for (int number = 1; number <= COUNT; number++) {
      SortedSet<String> types = named.get(number);
      String absent = ABSENT.get(number);
      String rest =
          types != null ? String.join(" ", types) : absent != null ? "n/a: " + absent : "none yet";
      lines.add("S" + number + " " + rest);
    }
    return lines;
  }

  private static boolean mayWait(String line) {
    Matcher number = NUMBER.matcher(line);
    if (!number.lookingAt()) {
      throw new IllegalArgumentException("no scenario's line: " + line);
    }
    int of = Integer.parseInt(number.group(1));
    return of >= RECONFIGURATION_FIRST && of <= RECONFIGURATION_LAST;
  }
}

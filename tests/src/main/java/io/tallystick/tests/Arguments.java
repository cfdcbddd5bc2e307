package io.tallystick.tests;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The options of a command: {@code --name value}, and flags without a value. An instrument asks for
 * each that it knows; then {@link #end} refuses what nobody asked for.
 */
public final class Arguments {
  private final Map<String, String> values = new LinkedHashMap<>();

  private Arguments() {}

  /**
   * Reads a command line.
   *
   * @param flags the names, with their dashes, that take no value
   */
  public static Arguments parse(List<String> words, Set<String> flags) throws UsageException {
    Arguments arguments = new Arguments();
    ArrayDeque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String name = rest.remove();
      if (!name.startsWith("--")) {
        throw new UsageException(name + ": unexpected (expected: an option)");
      }
      String value = flags.contains(name) ? "" : rest.poll();
      if (value == null) {
        throw new UsageException(name + ": no value");
      }
      if (arguments.values.put(name, value) != null) {
        throw new UsageException(name + ": given twice");
      }
    }
    return arguments;
  }

  /** Whether a flag was given. */
  public boolean flag(String name) {
    return values.remove(name) != null;
  }

  /** The value of an option, if it was given. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(values.remove(name));
  }

  /** A number from {@code min} up, or what holds without the option. */
  public long number(String name, long otherwise, long min) throws UsageException {
    String value = values.remove(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= min) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new UsageException(name + ": " + value + " (expected: a number)");
    }
    throw new UsageException(name + ": " + value + " (expected: >= " + min + ")");
  }

  /** Refuses every option that nobody has asked for. */
  public void end() throws UsageException {
    if (!values.isEmpty()) {
      throw new UsageException(values.keySet().iterator().next() + ": unknown");
    }
  }
}

package io.tallystick.tests.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One mistake.
 *
 * @param name what is wrong, in words
 * @param source the file that it is put into, below {@code io/tallystick/bft} of bft-core
 * @param right what stands there, exactly once
 * @param wrong what stands there instead
 */
record Mutant(String name, String source, String right, String wrong) {
  private static final String SOURCES = "bft-core/src/main/java/io/tallystick/bft/";

  /** Where the right source is. */
  Path original(Path home) {
    return home.resolve(SOURCES + source);
  }

  /** The source with the mistake in it. */
  String text(Path home) throws IOException {
    String text = Files.readString(original(home));
    int at = text.indexOf(right);
    if (at < 0 || text.indexOf(right, at + 1) >= 0) {
      throw new IOException(
          "mutant '" + name + "': '" + right + "' doesn't stand once in " + source);
    }
    return text.substring(0, at) + wrong + text.substring(at + right.length());
  }
}

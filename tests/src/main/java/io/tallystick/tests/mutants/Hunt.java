package io.tallystick.tests.mutants;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Puts a mistake into a copy, and lets the instruments look for it in processes of their own. */
final class Hunt {
  private static final long PROCESS_SECONDS_MAX = 240;
  private static final String MAIN = "io.tallystick.tests.Run";

  /** One way to look, in the order in which they are tried: the quick ones first. */
  private static final List<String> WAYS =
      List.of(
          "sim --seeds 120 --from 1 --stop",
          "sim --seeds 60 --n 6 --from 1 --stop",
          "sim --seeds 60 --n 5 --from 1 --stop",
          "explore --states 60000",
          "sim --seeds 1500 --from 200 --stop",
          "explore --states 400000",
          "sim --seeds 6000 --from 2000 --stop");

  private final Path home;
  private final Path scratch;
  private final int ways;

  /** Works below {@code scratch}; tries the first so many ways only. */
  Hunt(Path home, Path scratch, int ways) {
    this.home = home;
    this.scratch = scratch;
    this.ways = Math.min(ways, WAYS.size());
  }

  /** How it was found, or nothing. */
  Optional<String> run(Mutant mutant, int number) throws IOException, InterruptedException {
    Path classes = compile(mutant, number);
    for (String way : WAYS.subList(0, ways)) {
      Optional<String> found = look(classes, way);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Compiles the changed source alone; its neighbours see no difference. */
  Path compile(Mutant mutant, int number) throws IOException {
    Path directory = scratch.resolve("mutant-" + number);
    Path classes = directory.resolve("classes");
    Files.createDirectories(classes);
    Path source = directory.resolve(Path.of(mutant.source()).getFileName());
    Files.writeString(source, mutant.text(home));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IOException("no compiler (expected: a JDK, not a JRE)");
    }
    int status =
        compiler.run(
            null,
            null,
            null,
            "-nowarn",
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            source.toString());
    if (status != 0) {
      throw new IOException("mutant '" + mutant.name() + "' doesn't compile");
    }
    return classes;
  }

  private Optional<String> look(Path classes, String way) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "--enable-native-access=ALL-UNNAMED"));
    String logging = System.getProperty("logback.configurationFile");
    if (logging != null) {
      command.add("-Dlogback.configurationFile=" + logging);
    }
    command.add("-cp");
    command.add(classes + File.pathSeparator + System.getProperty("java.class.path"));
    command.add(MAIN);
    command.addAll(List.of(way.split(" ")));
    Path log = classes.resolveSibling("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(PROCESS_SECONDS_MAX, TimeUnit.SECONDS)) {
        return Optional.of(way + " (no end)");
      }
      return process.exitValue() == 0 ? Optional.empty() : Optional.of(way + what(log));
    } finally {
      process.destroyForcibly();
    }
  }

  /** The first thing that the log says was violated. */
  private static String what(Path log) throws IOException {
    for (String line : Files.readAllLines(log)) {
      if (line.startsWith("seed ")) {
        String[] words = line.split(" ", 4);
        return ": " + (words.length > 2 ? words[2] : line).replace(":", "");
      }
      if (line.contains("Exception")) {
        return ": an exception";
      }
    }
    return "";
  }
}

package io.tallystick.tests.tla;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Runs TLC on one model in a process of its own, which ends with this one.
 *
 * @param specification the TLA+ module
 * @param workers how many threads TLC searches with
 * @param limitMinutes how long a model may take
 * @param hurried whether models are so small that compiling TLC well takes longer than they do
 */
record Tlc(Path specification, int workers, long limitMinutes, boolean hurried) {
  /** What TLC's exit status says of a violated invariant, and of a violated step property. */
  private static final List<Integer> VIOLATED = List.of(12, 13);

  private static final Pattern STATES =
      Pattern.compile("([0-9]+) states generated, ([0-9]+) distinct states found, ([0-9]+) states");

  /** What became of a model. */
  enum Verdict {
    /** All states were looked at, and the properties hold in each. */
    HOLDS,
    /** A run was found that breaks a property. */
    VIOLATED,
    /** TLC failed, or took too long. */
    FAILED
  }

  /** What TLC said: distinct states, and for a violated property the length of the run to it. */
  record Outcome(Verdict verdict, long states, long steps, long millis, String output) {}

  Outcome check(Model model) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("tally-tla-");
    try {
      return check(model, directory);
    } finally {
      delete(directory);
    }
  }

  private Outcome check(Model model, Path directory) throws IOException, InterruptedException {
    Path module = Files.copy(specification, directory.resolve("Tallystick.tla"));
    Path config = Files.writeString(directory.resolve("Model.cfg"), model.configuration());
    Path log = directory.resolve("log");
    long startNanos = System.nanoTime();
    Process process =
        new ProcessBuilder(command(directory, config, module))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Thread hook = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      boolean ended = process.waitFor(limitMinutes, TimeUnit.MINUTES);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
      String output = Files.readString(log, StandardCharsets.UTF_8);
      return outcome(ended ? process.exitValue() : -1, millis, output);
    } finally {
      process.destroyForcibly().waitFor();
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private List<String> command(Path directory, Path config, Path module) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:+UseSerialGC",
        hurried ? "-XX:TieredStopAtLevel=1" : "-XX:+TieredCompilation",
        "-Xmx3g",
        // The standard modules are unpacked there
        "-Djava.io.tmpdir=" + directory,
        "-cp",
        System.getProperty("java.class.path"),
        "tlc2.TLC",
        "-workers",
        Integer.toString(workers),
        "-nowarning",
        "-metadir",
        directory.resolve("states").toString(),
        "-config",
        config.toString(),
        module.toString());
  }

  private static Outcome outcome(int status, long millis, String output) {
    long states = 0;
    long left = 0;
    Matcher counts = STATES.matcher(output);
    while (counts.find()) {
      states = Long.parseLong(counts.group(2));
      left = Long.parseLong(counts.group(3));
    }
    Verdict verdict =
        VIOLATED.contains(status)
            ? Verdict.VIOLATED
            : status == 0 && left == 0 && states > 0 ? Verdict.HOLDS : Verdict.FAILED;
    long steps = output.lines().filter(line -> line.matches("State [0-9]+: .*")).count();
    return new Outcome(verdict, states, steps, millis, output);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

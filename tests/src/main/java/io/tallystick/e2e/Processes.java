package io.tallystick.e2e;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * All processes and files of one test class or instrument: a test registers it with
 * {@code @RegisterExtension} in a static field. Whatever happens, it ends each process that it or
 * one of its clusters started, by process id, and removes the files. When a test fails, it prints
 * the logs.
 */
final class Processes
    implements AutoCloseable,
        BeforeAllCallback,
        AfterAllCallback,
        TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler {
  private static final int LOG_LINES_SHOWN = 60;
  private static final String MAIN = "io.tallystick.ledger.cli.Tally";

  private final List<Running> started = new ArrayList<>();
  private final List<Cluster> clusters = new ArrayList<>();
  private @Nullable Path home;
  private @Nullable Thread hook;
  private int count;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    begin();
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException {
    close();
  }

  /** Makes the directory; without JUnit, whoever calls this calls {@link #close} at the end. */
  Processes begin() throws IOException {
    home = Files.createTempDirectory("tally-e2e-");
    hook = new Thread(this::endAll);
    Runtime.getRuntime().addShutdownHook(hook);
    return this;
  }

  @Override
  public void close() throws IOException {
    endAll();
    Runtime.getRuntime().removeShutdownHook(present(hook));
    if (Boolean.getBoolean("tallystick.e2e.keep")) {
      System.err.println("kept: " + home);
    } else {
      delete(home());
    }
  }

  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context.getDisplayName());
    throw failure;
  }

  @Override
  public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    show(context.getDisplayName());
    throw failure;
  }

  /** A directory for this test class, gone after it. */
  Path home() {
    return present(home);
  }

  /** Makes keys, genesis and node files of a cluster in a directory of this name, with options. */
  Cluster init(String name, String... options) throws IOException, InterruptedException {
    int port = Ports.free();
    List<String> arguments = new ArrayList<>(List.of("init"));
    arguments.addAll(List.of(options));
    Path directory = home().resolve(name);
    arguments.addAll(List.of("--port", Integer.toString(port), directory.toString()));
    run(Duration.ofMinutes(1), arguments.toArray(String[]::new)).expect(0, Duration.ZERO);
    Cluster cluster = new Cluster(this, directory, port);
    synchronized (this) {
      clusters.add(cluster);
    }
    return cluster;
  }

  /** Starts a command; what the test writes to the process is its standard input. */
  Running start(String... arguments) throws IOException {
    int number;
    synchronized (this) {
      number = count++;
    }
    Path out = home().resolve("process-" + number + ".out");
    Path err = home().resolve("process-" + number + ".err");
    List<String> command = new ArrayList<>(java());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TALLY_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    // For the daemons that dev and demo start; the machine has few cores, and tests start many
    builder.environment().put("TALLY_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    Running running = new Running(builder.start(), List.of(arguments), out, err);
    synchronized (this) {
      started.add(running);
    }
    return running;
  }

  /** Runs a command to its end, within a time. */
  Running run(Duration limit, String... arguments) throws IOException, InterruptedException {
    Running running = start(arguments);
    int status = running.exit(limit);
    if (status < 0) {
      throw new AssertionError(running + ": exit status " + status);
    }
    return running;
  }

  /** As the launcher starts Java, on the test's own class path. */
  private static List<String> java() {
    String classPath =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(entry -> !entry.endsWith("test-classes") && !entry.contains("surefire"))
            .reduce((a, b) -> a + File.pathSeparator + b)
            .orElseThrow();
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx512m",
        "-cp",
        classPath,
        MAIN);
  }

  private void endAll() {
    List<Cluster> all;
    List<Running> running;
    synchronized (this) {
      all = List.copyOf(clusters);
      running = List.copyOf(started);
    }
    for (Cluster cluster : all) {
      cluster.endAll();
    }
    for (Running each : running) {
      // Children first: a dev that is killed can't stop what it started
      List<ProcessHandle> children = each.process().descendants().toList();
      end(each.process().toHandle());
      children.forEach(Processes::end);
    }
  }

  /** Kills a process with -9, and waits until it is gone. */
  static void end(ProcessHandle process) {
    boolean asked = process.destroyForcibly();
    if (!asked && process.isAlive()) {
      System.err.println("process " + process.pid() + " can't be killed");
      return;
    }
    try {
      var _ = process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      System.err.println("process " + process.pid() + " doesn't end: " + e);
    }
  }

  /** Prints the logs of all that was started. */
  synchronized void show(String test) {
    System.err.println("=== logs of what failed: " + test);
    for (Running each : started) {
      System.err.println(lastLines(each.report()));
    }
    for (Cluster cluster : clusters) {
      for (Path log : cluster.logs()) {
        try {
          System.err.println("--- " + log + "\n" + lastLines(Files.readString(log)));
        } catch (IOException e) {
          System.err.println("--- " + log + " can't be read: " + e);
        }
      }
    }
  }

  private static String lastLines(String text) {
    List<String> lines = text.lines().toList();
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static <T> T present(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException(
          "neither begun nor registered as an extension in a static field");
    }
    return value;
  }
}

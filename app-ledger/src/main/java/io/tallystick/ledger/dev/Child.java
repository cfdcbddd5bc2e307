package io.tallystick.ledger.dev;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One daemon of a cluster, as a child process; it can be started again after it ended. */
final class Child {
  private static final int TAIL_BYTES = 4_096;
  private static final int TAIL_LINES = 12;

  private final String name;
  private final String kind;
  private final Path nodeFile;
  private Process process;
  private boolean reported;

  private Child(String name, String kind, Path nodeFile, Process process) {
    this.name = name;
    this.kind = kind;
    this.nodeFile = nodeFile;
    this.process = process;
  }

  /**
   * Starts a daemon.
   *
   * @param name as its directory is called
   * @param kind the command: {@code replica} or {@code gateway}
   */
  static Child start(String name, String kind, Path nodeFile) throws IOException {
    return new Child(name, kind, nodeFile, launch(kind, nodeFile));
  }

  /** Starts it again. */
  void restart() throws IOException {
    process = launch(kind, nodeFile);
    reported = false;
  }

  private static Process launch(String kind, Path nodeFile) throws IOException {
    List<String> command = new ArrayList<>(Jvm.command());
    command.addAll(List.of(kind, "--config", nodeFile.toString()));
    Path log = nodeFile.resolveSibling("log");
    return new ProcessBuilder(command)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  Path log() {
    return nodeFile.resolveSibling("log");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Its exit status; only once it has ended. */
  int exitStatus() {
    return process.exitValue();
  }

  /** Whether it has died and nobody was told yet; true once for each death. */
  boolean hasNewlyDied() {
    if (reported || process.isAlive()) {
      return false;
    }
    reported = true;
    return true;
  }

  /** The command by which a person starts it. */
  String byHand() {
    return "tally " + kind + " --config " + nodeFile;
  }

  /** Asks it to stop (SIGTERM). */
  void stop() {
    process.destroy();
  }

  /** Ends it at once (SIGKILL), and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  boolean waitFor(long millis) throws InterruptedException {
    return process.waitFor(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  /** The last lines of its log. */
  String logTail() throws IOException {
    if (!Files.exists(log())) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(log().toFile(), "r")) {
      long from = Math.max(0, file.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (file.length() - from)];
      file.seek(from);
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }
  }
}

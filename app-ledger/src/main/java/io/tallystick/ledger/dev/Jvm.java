package io.tallystick.ledger.dev;

import io.tallystick.ledger.cli.Tally;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a child: the same Java, the same class path, a small heap. */
final class Jvm {
  private Jvm() {}

  static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms48m",
            "-Xmx512m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:-UsePerfData",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow"));
    String more = System.getenv("TALLY_JAVA_OPTS");
    if (more != null && !more.isBlank()) {
      command.addAll(List.of(more.strip().split("\\s+")));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Tally.class.getName()));
    return command;
  }
}

package io.tallystick.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that the instruments look at. */
public record Checkout(Path home) {

  /** The one that the script names, or else the one around the working directory. */
  public static Checkout find() {
    String named = System.getProperty("tallystick.home");
    Path path = Path.of(named == null ? "" : named).toAbsolutePath();
    while (!Files.exists(path.resolve("bft-core/pom.xml"))) {
      Path parent = path.getParent();
      if (parent == null) {
        throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
      }
      path = parent;
    }
    return new Checkout(path);
  }

  /** All Java sources of tests, of every module, in the order of their paths. */
  public List<Path> testSources() throws IOException {
    try (Stream<Path> modules = Files.list(home)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(Checkout::sources)
          .sorted()
          .toList();
    }
  }

  private static Stream<Path> sources(Path directory) {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

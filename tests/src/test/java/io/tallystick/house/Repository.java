package io.tallystick.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that is tested, and the files that are committed in it. */
record Repository(Path root, List<Path> files) {

  /** Finds the checkout around the working directory. */
  static Repository find() throws IOException, InterruptedException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("bft-core/pom.xml"))) {
      Path parent = root.getParent();
      if (parent == null) {
        throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
      }
      root = parent;
    }
    List<Path> files = Files.exists(root.resolve(".git")) ? tracked(root) : walked(root);
    return new Repository(root, files);
  }

  /** Java sources below a {@code src} directory. */
  List<SourceFile> sources() throws IOException {
    List<SourceFile> sources = new ArrayList<>();
    for (Path file : files) {
      if (file.toString().contains("src") && file.toString().endsWith(".java")) {
        sources.add(new SourceFile(file.toString(), Files.readString(root.resolve(file))));
      }
    }
    return sources;
  }

  String read(String path) throws IOException {
    return Files.readString(root.resolve(path));
  }

  /** What git knows of: a ledger that somebody left in the checkout is none of it. */
  private static List<Path> tracked(Path root) throws IOException, InterruptedException {
    Process git =
        new ProcessBuilder("git", "ls-files", "-z")
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (git.waitFor() != 0) {
      throw new IllegalStateException("git ls-files failed in " + root);
    }
    return Stream.of(names.split("\0", -1))
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .filter(file -> Files.isRegularFile(root.resolve(file)))
        .toList();
  }

  private static List<Path> walked(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .map(root::relativize)
          .filter(file -> Stream.of("target", ".git").noneMatch(n -> has(file, n)))
          .toList();
    }
  }

  private static boolean has(Path file, String directory) {
    for (Path part : file) {
      if (part.toString().equals(directory)) {
        return true;
      }
    }
    return false;
  }
}

package io.tallystick.ledger.dev;

import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a demonstration appends when it is given nothing: the git history of the current directory,
 * else names and SHA-256 of the files of Tallystick's installation.
 *
 * @param description what they are
 * @param stream a fitting name
 * @param files NDJSON files
 */
record DemoEvents(String description, String stream, List<Path> files) {
  private static final int EVENTS_MAX = 5_000;
  private static final String SEPARATOR = "\u001f";

  static DemoEvents of(List<Path> given, Path scratch) throws IOException, InterruptedException {
    if (!given.isEmpty()) {
      DemoEvents lines = new DemoEvents("lines of " + given.size() + " files", "events", given);
      if (lines.count() == 0) {
        throw new CommandException(
            ExitStatus.USAGE, given + ": no lines in there (expected: at least one event a file)");
      }
      return lines;
    }
    List<JsonObject> commits = commits();
    if (!commits.isEmpty()) {
      return new DemoEvents(
          commits.size() + " commits of this directory's git history",
          "git",
          List.of(write(commits, scratch)));
    }
    List<JsonObject> hashes = installation();
    return new DemoEvents(
        hashes.size() + " files of this installation", "files", List.of(write(hashes, scratch)));
  }

  private static Path write(List<JsonObject> events, Path scratch) throws IOException {
    Path file = scratch.resolve("events.ndjson");
    try (PrintWriter writer =
        new PrintWriter(Files.newBufferedWriter(file, StandardCharsets.UTF_8))) {
      events.forEach(event -> writer.print(event + "\n"));
    }
    return file;
  }

  private static List<JsonObject> commits() throws IOException, InterruptedException {
    List<JsonObject> commits = new ArrayList<>();
    Process git;
    try {
      git =
          new ProcessBuilder(
                  "git",
                  "log",
                  "-n",
                  Integer.toString(EVENTS_MAX),
                  "--format=%H" + SEPARATOR + "%aI" + SEPARATOR + "%an" + SEPARATOR + "%s")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      // No git here
      return List.of();
    }
    git.getOutputStream().close();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(git.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(SEPARATOR, 4);
        if (parts.length == 4) {
          commits.add(
              new JsonObject()
                  .put("commit", parts[0])
                  .put("time", parts[1])
                  .put("author", parts[2])
                  .put("subject", parts[3]));
        }
      }
    }
    return git.waitFor() == 0 ? commits.reversed() : List.of();
  }

  private static List<JsonObject> installation() throws IOException {
    List<JsonObject> files = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path root = Path.of(entry.endsWith("*") ? entry.substring(0, entry.length() - 1) : entry);
      if (Files.exists(root)) {
        try (Stream<Path> inside = Files.walk(root)) {
          List<Path> found = inside.filter(Files::isRegularFile).sorted().toList();
          for (Path file : found) {
            if (files.size() < EVENTS_MAX) {
              files.add(
                  new JsonObject()
                      .put("file", String.valueOf(file.getFileName()))
                      .put("bytes", Files.size(file))
                      .put("sha256", Digest.sha256(Bytes.wrap(Files.readAllBytes(file))).toHex()));
            }
          }
        }
      }
    }
    return files;
  }

  /** How many entries they make. */
  long count() throws IOException {
    long count = 0;
    for (Path file : files) {
      try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
        count += lines.filter(line -> !line.isEmpty()).count();
      }
    }
    return count;
  }
}

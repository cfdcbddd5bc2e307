package io.tallystick.ledger.daemon;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;

/** The file {@code pid} beside a node file: the process's id, decimal, in one line. */
public final class PidFile implements AutoCloseable {
  private final Path file;

  private PidFile(Path file) {
    this.file = file;
  }

  /** Writes this process's id beside {@code nodeFile}; replaces what a crash left there. */
  public static PidFile write(Path nodeFile) throws IOException {
    Path file = beside(nodeFile);
    Path unfinished = file.resolveSibling("pid.unfinished");
    Files.writeString(unfinished, ProcessHandle.current().pid() + "\n");
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    return new PidFile(file);
  }

  /** Where it is, for a node file. */
  public static Path beside(Path nodeFile) {
    return nodeFile.toAbsolutePath().resolveSibling("pid");
  }

  /** The process id that stands beside {@code nodeFile}; empty when there is none. */
  public static OptionalLong read(Path nodeFile) throws IOException {
    try {
      String text = Files.readString(beside(nodeFile), StandardCharsets.ISO_8859_1).strip();
      return text.matches("[0-9]{1,18}")
          ? OptionalLong.of(Long.parseLong(text))
          : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  /** Removes it. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}

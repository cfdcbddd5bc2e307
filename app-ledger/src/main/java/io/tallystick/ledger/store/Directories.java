package io.tallystick.ledger.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes names durable: a new file is lost with its directory's entry, however well synced. */
public final class Directories {
  private Directories() {}

  /** Syncs the directory that {@code file} is in. */
  public static void syncParent(Path file) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      sync(parent);
    }
  }

  /** Syncs the directory's own entries. */
  public static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}

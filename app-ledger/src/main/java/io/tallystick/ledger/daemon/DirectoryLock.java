package io.tallystick.ledger.daemon;

import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A directory that one process has for itself as long as this is open. The lock is the operating
 * system's: it goes with the process, however that ends.
 */
public final class DirectoryLock implements AutoCloseable {
  /** The file that is locked; it holds the process id of the last who did. */
  public static final String FILE = "in-use";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a directory; makes it when it isn't there.
   *
   * @throws CommandException when another process holds it
   */
  public static DirectoryLock lock(Path directory) throws IOException {
    Files.createDirectories(directory);
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    if (!tryLock(channel)) {
      String holder = Files.readString(directory.resolve(FILE), StandardCharsets.ISO_8859_1);
      channel.close();
      throw new CommandException(
          ExitStatus.USAGE,
          directory
              + ": in use by process "
              + holder.strip()
              + " (expected: one process for each directory)");
    }
    byte[] text = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(text), 0);
    return new DirectoryLock(channel);
  }

  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // This very process has it
      return false;
    }
  }

  /** Whether a process holds the directory. */
  public static boolean isLocked(Path directory) throws IOException {
    if (!Files.exists(directory.resolve(FILE))) {
      return false;
    }
    try (FileChannel channel =
        FileChannel.open(directory.resolve(FILE), StandardOpenOption.WRITE)) {
      return !tryLock(channel);
    }
  }

  /** Gives the directory up. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}

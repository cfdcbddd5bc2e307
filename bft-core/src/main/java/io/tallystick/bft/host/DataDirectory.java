package io.tallystick.bft.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A replica's data directory, locked against a second process:
 *
 * <pre>
 *  lock         locked while a host is open; holds its process id
 *  fresh        left by {@code init}, removed by the first start: no vote was ever cast from here
 *  incarnation  number of the last start
 *  journal/     what the replica vouched for
 *  archive/     the executed batches
 *  evidence/    proofs of others' faults
 * </pre>
 */
public final class DataDirectory implements AutoCloseable {
  private static final String FRESH = "fresh";
  private static final String INCARNATION = "incarnation";

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private DataDirectory(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes a directory from which no vote was ever cast, and marks it so: what {@code init} does.
   */
  public static void initialize(Path path) throws IOException {
    Files.createDirectories(path);
    Path mark = path.resolve(FRESH);
    Files.writeString(mark, "The first start of this replica removes this mark.\n");
    sync(mark, StandardOpenOption.WRITE);
    sync(path, StandardOpenOption.READ);
  }

  /**
   * Locks it.
   *
   * @throws IOException when another process, which is named, has it, or it can't be written
   */
  static DataDirectory lock(Path path) throws IOException {
    Files.createDirectories(path);
    Path file = path.resolve("lock");
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    try {
      FileLock lock = tryLock(channel);
      if (lock == null) {
        throw new IOException(
            path + ": locked by process " + holder(channel) + " (expected: one process only)");
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
      return new DataDirectory(path, channel, lock);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // this very process has it
    }
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(20);
    channel.read(text, 0);
    return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
  }

  boolean isFresh() {
    return Files.exists(path.resolve(FRESH));
  }

  /** From now on a missing journal means a lost disk. */
  void noLongerFresh() throws IOException {
    if (Files.deleteIfExists(path.resolve(FRESH))) {
      sync(path, StandardOpenOption.READ);
    }
  }

  /** The number of the last start, 0 before the first. */
  long incarnation() throws IOException {
    Path file = path.resolve(INCARNATION);
    if (!Files.exists(file)) {
      return 0;
    }
    String text = Files.readString(file).strip();
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw new IOException(file + ": '" + text + "' (expected: a decimal number)");
    }
    return Long.parseLong(text);
  }

  /** Writes down the number of this start, durably. */
  void incarnation(long number) throws IOException {
    Path unfinished = path.resolve(INCARNATION + ".unfinished");
    Files.writeString(unfinished, number + "\n");
    sync(unfinished, StandardOpenOption.WRITE);
    Files.move(unfinished, path.resolve(INCARNATION), StandardCopyOption.ATOMIC_MOVE);
    sync(path, StandardOpenOption.READ);
  }

  Path journal() {
    return path.resolve("journal");
  }

  Path archive() {
    return path.resolve("archive");
  }

  Path evidence() {
    return path.resolve("evidence");
  }

  private static void sync(Path file, StandardOpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(file, option)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    lock.release();
    channel.close();
  }
}

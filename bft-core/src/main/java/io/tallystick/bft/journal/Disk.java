package io.tallystick.bft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** What journal and archive ask of a disk; a seam, so that tests can break it. */
public interface Disk {

  /** Opens a file to read and write, and creates it if it isn't there. */
  DiskFile open(Path path) throws IOException;

  /** Bytes that may still be used where {@code directory} is. */
  long usableBytes(Path directory) throws IOException;

  /** Makes creations, renames and deletions in a directory durable. */
  void syncDirectory(Path directory) throws IOException;

  /** Names of the files in a directory that is to be written to; makes it if it isn't there. */
  default List<String> names(Path directory) throws IOException {
    Files.createDirectories(directory);
    if (!Files.isWritable(directory)) {
      throw new IOException(directory + ": not writable (expected: a journal's own)");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  /** Length of a file in bytes; −1 where there is none. */
  default long sizeOf(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : -1;
  }

  /** Renames a file, in one step, over any that has the other name. */
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes a file; whether there was one. */
  default boolean delete(Path file) throws IOException {
    return Files.deleteIfExists(file);
  }

  /** Does what takes the disk long beside the caller's work. */
  default void beside(String name, Runnable task) {
    Thread.ofPlatform().name(name).daemon().start(task);
  }

  /** Monotonic time, by which the disk is looked at now and then. */
  default long nanoTime() {
    return System.nanoTime();
  }

  /** The machine's own. */
  static Disk real() {
    return new RealDisk();
  }

  /** One open file; offsets in bytes. */
  interface DiskFile extends AutoCloseable {
    /** Writes all of {@code bytes}. */
    void write(ByteBuffer bytes, long offset) throws IOException;

    /** Fills {@code bytes} as far as the file goes; returns how many bytes it got. */
    int read(ByteBuffer bytes, long offset) throws IOException;

    /** Makes what was written durable. */
    void sync() throws IOException;

    /** Cuts the file to this length. */
    void truncate(long length) throws IOException;

    /** Its length. */
    long size() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Files of the operating system. */
  final class RealDisk implements Disk {
    @Override
    public DiskFile open(Path path) throws IOException {
      return new ChannelFile(
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE));
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
      return Files.getFileStore(directory).getUsableSpace();
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** A file channel. */
  record ChannelFile(FileChannel channel) implements DiskFile {
    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      long at = offset;
      while (bytes.hasRemaining()) {
        at += channel.write(bytes, at);
      }
    }

    @Override
    public int read(ByteBuffer bytes, long offset) throws IOException {
      int got = 0;
      while (bytes.hasRemaining()) {
        int more = channel.read(bytes, offset + got);
        if (more < 0) {
          break;
        }
        got += more;
      }
      return got;
    }

    @Override
    public void sync() throws IOException {
      channel.force(false);
    }

    @Override
    public void truncate(long length) throws IOException {
      channel.truncate(length);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}

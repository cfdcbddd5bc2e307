package io.tallystick.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that grows at its end. What is put is buffered until {@link #flush}, so that a batch costs
 * a write or two. One thread puts and flushes; any read what was flushed; one more syncs.
 */
public final class AppendFile implements AutoCloseable {
  /** What is put is gathered up to this size before it is written, in bytes. */
  public static final int BUFFER_BYTES = 128 << 10;

  private final Path path;
  private final ReadHandle reader;
  private final ByteBuffer buffer;
  private volatile @Nullable FileChannel writer;
  private long flushed;

  /** Also at first: what an earlier process wrote may not be on disk yet. */
  private volatile boolean dirty = true;

  private volatile @Nullable IOException syncFailure;

  private AppendFile(Path path, FileChannel writer, ByteBuffer buffer) throws IOException {
    this.path = path;
    this.reader = new ReadHandle(path);
    this.writer = writer;
    this.buffer = buffer;
    this.flushed = writer.size();
  }

  /**
   * Opens or creates the file.
   *
   * @param buffer may be shared by files that never hold unflushed bytes at the same time
   */
  public static AppendFile open(Path path, ByteBuffer buffer) throws IOException {
    FileChannel writer =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    return new AppendFile(path, writer, buffer);
  }

  /** Opens or creates the file, with a buffer of its own. */
  public static AppendFile open(Path path) throws IOException {
    return open(path, ByteBuffer.allocateDirect(BUFFER_BYTES));
  }

  /** Which file it is. */
  public Path path() {
    return path;
  }

  /** Length with what is still buffered. */
  public long length() {
    return flushed + buffer.position();
  }

  /** Length without. */
  long flushedLength() {
    return flushed;
  }

  /** Puts bytes at the end. */
  public void put(byte[] bytes) throws IOException {
    if (bytes.length > buffer.remaining()) {
      flush();
    }
    if (bytes.length > buffer.remaining()) {
      write(ByteBuffer.wrap(bytes));
    } else {
      buffer.put(bytes);
    }
  }

  /** Puts two bytes, big-endian. */
  public void putU16(int value) throws IOException {
    reserve(Short.BYTES);
    buffer.putShort((short) value);
  }

  /** Puts eight bytes, big-endian. */
  public void putU64(long value) throws IOException {
    reserve(Long.BYTES);
    buffer.putLong(value);
  }

  /** Puts a byte. */
  public void putU8(int value) throws IOException {
    reserve(1);
    buffer.put((byte) value);
  }

  private void reserve(int bytes) throws IOException {
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  /** Writes what is buffered, so that readers see it. */
  public void flush() throws IOException {
    if (buffer.position() > 0) {
      buffer.flip();
      write(buffer);
      buffer.clear();
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    dirty = true;
    FileChannel out = open();
    while (bytes.hasRemaining()) {
      flushed += out.write(bytes, flushed);
    }
  }

  private FileChannel open() throws IOException {
    FileChannel out = writer;
    if (out == null) {
      throw new IOException(path + ": nothing more is written to it");
    }
    return out;
  }

  /**
   * Reads bytes that were flushed.
   *
   * @throws DamagedStoreException when the file ends before
   */
  public byte[] read(long offset, int length) throws IOException {
    return reader.read(offset, length);
  }

  /** Overwrites bytes in the middle: for erasure alone. */
  void overwrite(long offset, byte[] bytes) throws IOException {
    dirty = true;
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    try (FileChannel out = FileChannel.open(path, StandardOpenOption.WRITE)) {
      while (rest.hasRemaining()) {
        out.write(rest, offset + rest.position());
      }
      out.force(false);
    }
  }

  /** That so many bytes are there, buffered ones counted. */
  void requireLength(long length) throws DamagedStoreException {
    if (length() < length) {
      throw new DamagedStoreException(path, length(), "ends here (expected: " + length + " bytes)");
    }
  }

  /** Cuts the file; drops what is buffered. */
  public void truncate(long length) throws IOException {
    requireLength(length);
    buffer.clear();
    if (open().size() > length) {
      dirty = true;
      open().truncate(length);
    }
    flushed = length;
  }

  /** Makes what was flushed durable. A failure is final: nothing is known of the file after it. */
  public void sync() throws IOException {
    IOException failure = syncFailure;
    if (failure != null) {
      throw new IOException(path + ": an earlier sync failed", failure);
    }
    if (dirty) {
      dirty = false;
      try {
        open().force(false);
      } catch (IOException e) {
        syncFailure = e;
        throw e;
      }
    }
  }

  boolean isDirty() {
    return dirty;
  }

  /** Nothing more comes, and all is durable: gives back the writer's handle. */
  void seal() throws IOException {
    FileChannel out = writer;
    writer = null;
    dirty = false;
    if (out != null) {
      out.close();
    }
  }

  /** Keeps no handle between reads. */
  void cool() throws IOException {
    reader.cool();
  }

  @Override
  public void close() throws IOException {
    seal();
    reader.close();
  }
}

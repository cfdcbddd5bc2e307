package io.tallystick.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Positional reads of one file by any number of threads. Holds at most one open file; a cold handle
 * holds none between reads. It is apart from the writer's: an interrupted reader closes the channel
 * that it reads from, and may not take the writer's along.
 */
final class ReadHandle implements AutoCloseable {
  private final Path path;
  private @Nullable FileChannel channel;
  private boolean cold;
  private boolean closed;

  ReadHandle(Path path) {
    this.path = path;
  }

  /** Fills {@code length} bytes from {@code offset}; short files are damage. */
  byte[] read(long offset, int length) throws IOException {
    byte[] bytes = new byte[length];
    while (true) {
      FileChannel opened = acquire();
      try {
        fill(opened, ByteBuffer.wrap(bytes), offset);
        return bytes;
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (ClosedChannelException e) {
        // Another reader was interrupted, or the handle went cold: the channel is gone for all
        discard(opened, e);
      } finally {
        release(opened);
      }
    }
  }

  private void fill(FileChannel from, ByteBuffer into, long offset) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int count = from.read(into, at);
      if (count < 0) {
        throw new DamagedStoreException(path, at, into.remaining() + " bytes are missing");
      }
      at += count;
    }
  }

  private synchronized FileChannel acquire() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = FileChannel.open(path, StandardOpenOption.READ);
      if (!cold) {
        channel = open;
      }
    }
    return open;
  }

  private synchronized void release(FileChannel opened) throws IOException {
    if (!opened.equals(channel)) {
      opened.close();
    }
  }

  private synchronized void discard(FileChannel opened, ClosedChannelException why)
      throws ClosedChannelException {
    if (closed) {
      throw why;
    }
    if (opened.equals(channel)) {
      channel = null;
    }
  }

  /** From now on opens the file for each read: many old files cost no handles. */
  synchronized void cool() throws IOException {
    cold = true;
    shut();
  }

  private void shut() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    shut();
  }
}

package io.tallystick.bft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** The real disk, with what may go wrong with one: full, failing, slow. Safe on any thread. */
final class FaultyDisk implements Disk {
  private final Disk real = Disk.real();
  private final AtomicInteger syncs = new AtomicInteger();
  private final Semaphore permits = new Semaphore(0);
  private volatile long usableBytes = Long.MAX_VALUE;
  private volatile boolean full;
  private volatile boolean syncFails;
  private volatile boolean syncsWait;

  /** What it says is free. */
  void usable(long bytes) {
    usableBytes = bytes;
  }

  /** Whether files can't grow. */
  void full(boolean is) {
    full = is;
  }

  /** From now on no sync succeeds. */
  void failSyncs() {
    syncFails = true;
  }

  /** From now on syncs of segments wait for {@link #permitSyncs}. */
  void holdSyncs() {
    syncsWait = true;
  }

  void permitSyncs(int count) {
    permits.release(count);
  }

  /** Syncs of segments so far. */
  int syncs() {
    return syncs.get();
  }

  @Override
  public DiskFile open(Path path) throws IOException {
    String name = path.toString();
    boolean segment = name.endsWith(Segment.SUFFIX) || name.endsWith("spare");
    return new FaultyFile(segment, real.open(path));
  }

  @Override
  public long usableBytes(Path directory) {
    return usableBytes;
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    real.syncDirectory(directory);
  }

  private final class FaultyFile implements DiskFile {
    private final boolean segment;
    private final DiskFile file;

    FaultyFile(boolean segment, DiskFile file) {
      this.segment = segment;
      this.file = file;
    }

    @Override
    public void write(ByteBuffer bytes, long offset) throws IOException {
      if (full && offset + bytes.remaining() > file.size()) {
        throw new IOException("No space left on device");
      }
      file.write(bytes, offset);
    }

    @Override
    public int read(ByteBuffer bytes, long offset) throws IOException {
      return file.read(bytes, offset);
    }

    /** Counts instead of syncing: nothing here survives a power cut, and thousands are made. */
    @Override
    public void sync() throws IOException {
      if (syncFails) {
        throw new IOException("Input/output error");
      }
      if (segment && syncsWait) {
        permits.acquireUninterruptibly();
      }
      syncs.incrementAndGet();
    }

    @Override
    public void truncate(long length) throws IOException {
      file.truncate(length);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}

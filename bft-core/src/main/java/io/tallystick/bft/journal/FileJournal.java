package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A journal in files, with a thread of its own: it takes all records that came since its last sync,
 * writes them as one group, syncs once, and says so (group commit).
 */
public final class FileJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(FileJournal.class);
  private static final long CHECK_NANOS = 1_000_000_000L;
  private static final long GROUP_BYTES_MAX = 8 << 20;

  private final JournalSettings settings;
  private final JournalWriter writer;
  private final SegmentChain chain;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final Condition drained = lock.newCondition();
  private final ArrayDeque<Bytes> queue = new ArrayDeque<>();
  private long queuedBytes;
  private long appendPosition;
  private long cutBelow;
  private boolean closing;
  private boolean ended;

  private @Nullable Thread thread;

  private FileJournal(JournalSettings settings, SegmentChain chain, Disk disk) {
    this.settings = settings;
    this.chain = chain;
    this.writer = new JournalWriter(settings, chain, disk);
  }

  /** Whether there is a journal in that directory. */
  public static boolean exists(JournalSettings settings, Disk disk) throws IOException {
    SegmentChain chain = new SegmentChain(settings, disk);
    try {
      chain.open();
      return !chain.isEmpty();
    } catch (DamagedJournalException e) {
      return true;
    } finally {
      closeQuietly(chain);
    }
  }

  /**
   * Opens a journal, or begins one where there is none.
   *
   * @throws DamagedJournalException when a segment is missing, or has no header
   * @throws IOException when it is another replica's, or the disk refuses
   */
  public static FileJournal open(JournalSettings settings, Disk disk) throws IOException {
    SegmentChain chain = new SegmentChain(settings, disk);
    try {
      chain.open();
      if (chain.isEmpty()) {
        chain.awaitSpare();
        chain.begin(0, 0, 1, 0);
      }
      return new FileJournal(settings, chain, disk);
    } catch (IOException e) {
      closeQuietly(chain);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closeQuietly(chain);
      throw new IOException("interrupted while opening " + settings.directory(), e);
    }
  }

  private static void closeQuietly(SegmentChain chain) throws IOException {
    try {
      chain.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void replay(Reader reader) throws IOException {
    JournalScan scan = new JournalScan(chain.all(), reader);
    scan.run();
    writer.resume(scan);
    appendPosition = scan.nextPosition();
    // A crash may have come between two deletions of a cut.
    chain.deleteBefore(scan.firstNeeded());
  }

  @Override
  public long nextPosition() {
    lock.lock();
    try {
      return appendPosition;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void start(Listener listener) {
    Thread started =
        Thread.ofPlatform().name("journal-" + settings.replica()).start(() -> run(listener));
    thread = started;
  }

  @Override
  public void append(long position, Bytes record) {
    lock.lock();
    try {
      if (position != appendPosition) {
        throw new IllegalArgumentException(
            "position: " + position + " (expected: " + appendPosition + ")");
      }
      while (queuedBytes > settings.queueBytesMax() && !ended) {
        drained.awaitUninterruptibly();
      }
      if (ended) {
        return; // It failed, and said so: nothing may rely on this record.
      }
      appendPosition++;
      queue.addLast(record);
      queuedBytes += record.size();
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cut(long below) {
    lock.lock();
    try {
      cutBelow = Math.max(cutBelow, below);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closing = true;
      filled.signal();
    } finally {
      lock.unlock();
    }
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    closeQuietly(chain);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Listener listener) {
    try {
      loop(listener);
    } catch (IOException e) {
      // Never tried again: after a failed sync nobody knows what is on disk.
      log.error("{}: the journal failed, nothing more is written", settings.directory(), e);
      listener.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      listener.failed(new IOException("the journal's thread was interrupted", e));
    } catch (RuntimeException | Error e) {
      log.error("{}: the journal's thread failed", settings.directory(), e);
      listener.failed(new IOException("the journal's thread failed", e));
    } finally {
      lock.lock();
      try {
        ended = true;
        drained.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void loop(Listener listener) throws IOException, InterruptedException {
    List<Bytes> group = new ArrayList<>();
    boolean available = true;
    boolean held = false;
    boolean last = false;
    while (!last) {
      long cut;
      lock.lock();
      try {
        boolean idle = group.isEmpty() && queue.isEmpty() && cutBelow == 0;
        if ((idle || held) && !closing && filled.awaitNanos(CHECK_NANOS) <= 0) {
          log.trace("nothing came for a second: look whether the disk has space");
        }
        drain(group);
        cut = cutBelow;
        cutBelow = 0;
        last = closing && (queue.isEmpty() || held);
      } finally {
        lock.unlock();
      }
      boolean room = writer.hasRoom(group);
      if (room != available) {
        available = room;
        announce(listener, available);
      }
      held = !writer.write(group, cut, listener);
      if (!held) {
        group.clear();
      }
    }
    if (!held) {
      writer.mark(listener);
    } else {
      log.warn("{}: closed without room for {} records", settings.directory(), group.size());
    }
  }

  private void announce(Listener listener, boolean available) {
    if (available) {
      log.info("{}: the disk has space again", settings.directory());
    } else {
      log.error("{}: the disk is full: voting stops until it has space", settings.directory());
    }
    listener.space(available);
  }

  /** Takes what is queued, up to a group's size. */
  private void drain(List<Bytes> group) {
    if (!group.isEmpty()) {
      return;
    }
    long bytes = 0;
    long bytesMax = Math.min(GROUP_BYTES_MAX, settings.segmentBytes() / 4);
    while (!queue.isEmpty() && bytes < bytesMax) {
      Bytes record = queue.removeFirst();
      bytes += record.size();
      group.add(record);
    }
    queuedBytes -= bytes;
    drained.signalAll();
  }
}

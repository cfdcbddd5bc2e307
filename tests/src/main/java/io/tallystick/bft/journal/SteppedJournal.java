package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@link FileJournal} that works when it is told to: what its thread does in one turn is one
 * {@link #commit} here. For one thread.
 */
public final class SteppedJournal {
  private static final long GROUP_BYTES_MAX = 8 << 20;

  private final JournalSettings settings;
  private final SegmentChain chain;
  private final JournalWriter writer;
  private final ArrayDeque<Bytes> queue = new ArrayDeque<>();
  private final List<Bytes> group = new ArrayList<>();
  private long appendPosition;
  private long cutBelow;
  private boolean available = true;

  private SteppedJournal(JournalSettings settings, SegmentChain chain, Disk disk) {
    this.settings = settings;
    this.chain = chain;
    this.writer = new JournalWriter(settings, chain, disk);
  }

  /** Opens a journal, begins one where there is none, and hands over all that it holds. */
  public static SteppedJournal open(JournalSettings settings, Disk disk, Journal.Reader reader)
      throws IOException {
    SegmentChain chain = new SegmentChain(settings, disk);
    chain.open();
    try {
      if (chain.isEmpty()) {
        chain.awaitSpare();
        chain.begin(0, 0, 1, 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while opening " + settings.directory(), e);
    }
    SteppedJournal journal = new SteppedJournal(settings, chain, disk);
    JournalScan scan = new JournalScan(chain.all(), reader);
    scan.run();
    journal.writer.resume(scan);
    journal.appendPosition = scan.nextPosition();
    chain.deleteBefore(scan.firstNeeded());
    return journal;
  }

  /** The position after the last record appended. */
  public long nextPosition() {
    return appendPosition;
  }

  /** Queues a record. */
  public void append(long position, Bytes record) {
    if (position != appendPosition) {
      throw new IllegalArgumentException(
          "position: " + position + " (expected: " + appendPosition + ")");
    }
    appendPosition++;
    queue.addLast(record);
  }

  /** Records below this position are needed no more. */
  public void cut(long below) {
    cutBelow = Math.max(cutBelow, below);
  }

  /** Whether there is anything to write. */
  public boolean dirty() {
    return !queue.isEmpty() || !group.isEmpty() || cutBelow > 0;
  }

  /** Whether the disk had space when it was last looked at. */
  public boolean available() {
    return available;
  }

  /** Length of all segments together, in bytes. */
  public long bytes() throws IOException {
    long sum = 0;
    for (Segment segment : chain.all()) {
      sum += segment.file().size();
    }
    return sum;
  }

  /** Writes what waits as one group, syncs, and says so; false when there is no room for it. */
  public boolean commit(Journal.Listener listener) throws IOException {
    drain();
    long cut = cutBelow;
    cutBelow = 0;
    try {
      boolean room = writer.hasRoom(group);
      if (room != available) {
        available = room;
        listener.space(room);
      }
      boolean written = writer.write(group, cut, listener);
      if (written) {
        group.clear();
      }
      return written;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while writing " + settings.directory(), e);
    }
  }

  private void drain() {
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
  }
}

package io.tallystick.bft.journal;

import io.tallystick.bft.journal.Journal.Listener;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes groups into segments, and syncs. Used by the journal's thread. */
final class JournalWriter {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final long CHECK_NANOS = 1_000_000_000L;

  private final JournalSettings settings;
  private final SegmentChain chain;
  private final Disk disk;
  private final ByteBuffer buffer;

  private long offset;
  private long nextPosition;
  private long durable;
  private long firstNeeded;
  private boolean marked;

  private boolean room = true;
  private long checkedNanos;

  JournalWriter(JournalSettings settings, SegmentChain chain, Disk disk) {
    this.settings = settings;
    this.chain = chain;
    this.disk = disk;
    this.checkedNanos = disk.nanoTime() - CHECK_NANOS;
    this.buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER_BYTES, settings.segmentBytes()));
  }

  /** Goes on where the scan ended; all of that is durable. */
  void resume(JournalScan scan) {
    offset = scan.end();
    nextPosition = scan.nextPosition();
    firstNeeded = scan.firstNeeded();
    durable = absolute(offset);
    marked = offset == SegmentHeader.BYTES;
    chain.prepareSpare();
  }

  /**
   * Whether the disk has enough space left, and a spare segment is made or being made. Asked for
   * each group; looked up once a second, and whenever this group needs the spare.
   */
  boolean hasRoom(List<Bytes> group) throws IOException, InterruptedException {
    long now = disk.nanoTime();
    boolean needsSpare = !fits(group);
    if (!needsSpare && now - checkedNanos < CHECK_NANOS) {
      return room;
    }
    checkedNanos = now;
    // Once short of space, wait for a whole segment more: or voting would flutter.
    long wanted = settings.freeBytesMin() + (room ? 0 : settings.segmentBytes());
    boolean enough = disk.usableBytes(settings.directory()) >= wanted;
    boolean spare = !needsSpare && chain.makesSpare() ? room : spareThere();
    room = enough && spare;
    return room;
  }

  private boolean spareThere() throws IOException, InterruptedException {
    try {
      return chain.awaitSpare();
    } catch (IOException e) {
      if (isNoSpace(e)) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Writes a group and syncs it.
   *
   * @param cutBelow positions that are needed no more, or 0
   * @return false when there is no room for it: try again later
   */
  boolean write(List<Bytes> group, long cutBelow, Listener listener)
      throws IOException, InterruptedException {
    if (cutBelow > 0) {
      firstNeeded = Math.max(firstNeeded, chain.numberOf(cutBelow));
    }
    boolean cuts = chain.first().header().number() < firstNeeded;
    if (group.isEmpty() && !cuts) {
      return true;
    }
    boolean begun = offset > SegmentHeader.BYTES;
    if (!fits(group) && begun) {
      if (!spareThere()) {
        // There is always room for a mark, and with it for a cut, which makes room.
        return cuts && fits(List.of()) && put(List.of(), listener) && group.isEmpty();
      }
      roll();
    }
    return (fits(group) || grow(group)) && put(group, listener);
  }

  /** Leaves a mark that all is durable, so that damage to it will be told from a tear. */
  void mark(Listener listener) throws IOException {
    if (!marked && fits(List.of())) {
      put(List.of(), listener);
    }
  }

  private boolean put(List<Bytes> group, Listener listener) throws IOException {
    try {
      encode(group);
    } catch (IOException e) {
      if (isNoSpace(e)) {
        return false;
      }
      throw e;
    }
    long began = disk.nanoTime();
    chain.last().file().sync();
    long nanos = disk.nanoTime() - began;
    offset += groupBytes(group);
    durable = absolute(offset);
    nextPosition += group.size();
    marked = group.isEmpty();
    listener.synced(nanos, group.size());
    if (!group.isEmpty()) {
      listener.durable(nextPosition - 1);
    }
    // Where the journal begins now is durable, so that what is missing before it was cut.
    chain.deleteBefore(firstNeeded);
    return true;
  }

  private boolean fits(List<Bytes> group) throws IOException {
    long mark = group.isEmpty() ? 0 : GroupHeader.BYTES;
    return offset + groupBytes(group) + mark <= chain.last().file().size();
  }

  private void roll() throws IOException {
    long number = chain.last().header().number() + 1;
    chain.begin(number, absolute(offset), nextPosition, firstNeeded);
    offset = SegmentHeader.BYTES;
    chain.prepareSpare();
  }

  /** Makes an empty segment large enough for a record that is larger than one. */
  private boolean grow(List<Bytes> group) throws IOException {
    long end = offset + groupBytes(group) + GroupHeader.BYTES;
    try {
      chain.last().file().write(ByteBuffer.allocate(1), end - 1);
      return true;
    } catch (IOException e) {
      if (isNoSpace(e)) {
        return false;
      }
      throw e;
    }
  }

  private void encode(List<Bytes> group) throws IOException {
    long at = offset;
    buffer.clear();
    int payload = (int) (groupBytes(group) - GroupHeader.BYTES);
    Segment segment = chain.last();
    new GroupHeader(
            segment.header().number(),
            absolute(offset),
            durable,
            firstNeeded,
            nextPosition,
            group.size(),
            payload)
        .encode(buffer);
    int place = 0;
    for (Bytes record : group) {
      byte[] bytes = record.unsafeArray();
      if (buffer.remaining() < GroupHeader.RECORD_OVERHEAD) {
        at = flush(segment, at);
      }
      buffer.putInt(bytes.length);
      buffer.putInt(Checksum.of(absolute(offset) + place, bytes, 0, bytes.length));
      int from = 0;
      while (from < bytes.length) {
        if (!buffer.hasRemaining()) {
          at = flush(segment, at);
        }
        int some = Math.min(buffer.remaining(), bytes.length - from);
        buffer.put(bytes, from, some);
        from += some;
      }
      place += GroupHeader.RECORD_OVERHEAD + bytes.length;
    }
    if (buffer.remaining() < GroupHeader.ALIGNMENT) {
      at = flush(segment, at);
    }
    buffer.put(new byte[payload - place]);
    flush(segment, at);
  }

  private long flush(Segment segment, long at) throws IOException {
    buffer.flip();
    int length = buffer.remaining();
    segment.file().write(buffer, at);
    buffer.clear();
    return at + length;
  }

  private long absolute(long inSegment) {
    return chain.last().header().start() + inSegment;
  }

  private static long groupBytes(List<Bytes> group) {
    int payload = 0;
    for (Bytes record : group) {
      payload += GroupHeader.RECORD_OVERHEAD + record.size();
    }
    return (long) GroupHeader.BYTES + GroupHeader.padded(payload);
  }

  private static boolean isNoSpace(IOException e) {
    return String.valueOf(e.getMessage()).contains("No space left on device");
  }
}

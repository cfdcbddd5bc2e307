package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads all segments of a journal in order, finds where it ends, and tells tears from damage. */
final class JournalScan {
  private static final Logger log = LoggerFactory.getLogger(JournalScan.class);
  private static final int WINDOW_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocate(WINDOW_BYTES + GroupHeader.BYTES);

  private final List<Segment> segments;
  private final Journal.Reader reader;
  private long nextPosition;
  private long firstNeeded;
  private long end;

  JournalScan(List<Segment> segments, Journal.Reader reader) {
    this.segments = segments;
    this.reader = reader;
    this.nextPosition = segments.getFirst().header().firstPosition();
  }

  /** Runs over everything. */
  void run() throws IOException {
    for (int i = 0; i < segments.size(); i++) {
      Segment segment = segments.get(i);
      if (segment.header().firstPosition() != nextPosition) {
        throw new DamagedJournalException(
            segment.path(),
            0,
            "first position "
                + segment.header().firstPosition()
                + " (expected: "
                + nextPosition
                + ")");
      }
      firstNeeded = Math.max(firstNeeded, segment.header().firstNeeded());
      if (i + 1 < segments.size()) {
        sealed(segment, segments.get(i + 1));
      } else {
        last(segment);
      }
    }
    Segment first = segments.getFirst();
    if (first.header().number() > firstNeeded) {
      throw new DamagedJournalException(
          first.path().resolveSibling(Segment.name(firstNeeded)),
          0,
          "the segment is missing, and was not cut");
    }
  }

  /** Position after the last record. */
  long nextPosition() {
    return nextPosition;
  }

  /** Number of the first segment that is still needed. */
  long firstNeeded() {
    return firstNeeded;
  }

  /** Offset in the last segment after its last whole group. */
  long end() {
    return end;
  }

  /** A segment with a successor was synced whole before that was begun. */
  private void sealed(Segment segment, Segment next) throws IOException {
    long used = next.header().start() - segment.header().start();
    long offset = SegmentHeader.BYTES;
    while (offset < used) {
      Group group = group(segment, offset);
      if (group.fault() != null) {
        throw new DamagedJournalException(segment.path(), group.faultAt(), group.fault());
      }
      offset = deliver(group, offset);
    }
    if (offset != used) {
      throw new DamagedJournalException(
          segment.path(), offset, "groups up to here (expected: up to " + used + ")");
    }
  }

  private void last(Segment segment) throws IOException {
    long offset = SegmentHeader.BYTES;
    Group group = group(segment, offset);
    while (group.fault() == null) {
      offset = deliver(group, offset);
      group = group(segment, offset);
    }
    // From here on nothing may be durable, or it would be damage.
    long broken = segment.header().start() + group.faultAt();
    Optional<GroupHeader> mark = laterMark(segment, offset + GroupHeader.ALIGNMENT);
    if (mark.isPresent() && mark.get().durable() > broken) {
      throw new DamagedJournalException(
          segment.path(),
          group.faultAt(),
          group.fault() + "; a later group says that all before was durable");
    }
    end = offset;
    cutTail(segment, group);
  }

  private long deliver(Group group, long offset) throws IOException {
    GroupHeader header = group.header();
    ByteBuffer in = group.payload();
    for (int i = 0; i < header.records(); i++) {
      byte[] record = new byte[in.getInt()];
      in.getInt();
      in.get(record);
      reader.record(nextPosition, Bytes.wrap(record));
      nextPosition++;
    }
    firstNeeded = Math.max(firstNeeded, header.firstNeeded());
    return offset + GroupHeader.BYTES + header.bytes();
  }

  /** A group that was read, or why it couldn't be, and where. */
  private record Group(
      GroupHeader header, ByteBuffer payload, @Nullable String fault, long faultAt) {
    static final GroupHeader NONE = new GroupHeader(0, 0, 0, 0, 0, 0, 0);

    static Group broken(String fault, long at) {
      return new Group(NONE, ByteBuffer.allocate(0), fault, at);
    }
  }

  /** Reads the group at this offset whole, and checks every record. */
  private Group group(Segment segment, long offset) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(GroupHeader.BYTES);
    segment.file().read(bytes, offset);
    Optional<GroupHeader> found = GroupHeader.decode(bytes.flip(), 0);
    long absolute = segment.header().start() + offset;
    if (found.isEmpty()
        || found.get().segment() != segment.header().number()
        || found.get().offset() != absolute
        || found.get().firstPosition() != nextPosition) {
      return Group.broken("no group header", offset);
    }
    GroupHeader header = found.get();
    long payloadAt = offset + GroupHeader.BYTES;
    if (header.bytes() < 0 || header.bytes() > segment.file().size() - payloadAt) {
      return Group.broken("group of " + header.bytes() + " bytes", offset);
    }
    ByteBuffer payload = ByteBuffer.allocate(header.bytes());
    segment.file().read(payload, payloadAt);
    payload.flip();
    int at = 0;
    for (int i = 0; i < header.records(); i++) {
      int length = payload.limit() - at >= GroupHeader.RECORD_OVERHEAD ? payload.getInt(at) : -1;
      int start = at + GroupHeader.RECORD_OVERHEAD;
      if (length < 0
          || length > payload.limit() - start
          || payload.getInt(at + 4) != Checksum.of(absolute + at, payload.array(), start, length)) {
        return Group.broken(
            "record " + (nextPosition + i) + " doesn't match its checksum", payloadAt + at);
      }
      at = start + length;
    }
    for (int i = at; i < payload.limit(); i++) {
      if (payload.get(i) != 0) {
        return Group.broken("padding that isn't zero", payloadAt + i);
      }
    }
    return new Group(header, payload, null, 0);
  }

  /** The last group header of this segment at or after an offset. */
  private static Optional<GroupHeader> laterMark(Segment segment, long from) throws IOException {
    Optional<GroupHeader> last = Optional.empty();
    int windowBytes = GroupHeader.padded((int) Math.min(WINDOW_BYTES, segment.file().size()));
    ByteBuffer window = ByteBuffer.allocate(windowBytes + GroupHeader.BYTES);
    for (long base = from; base < segment.file().size(); base += windowBytes) {
      window.clear();
      segment.file().read(window, base);
      window.flip();
      if (isZero(window)) {
        continue; // nearly all of a preallocated segment
      }
      for (int at = 0; at < windowBytes && at + 8 <= window.limit(); at += GroupHeader.ALIGNMENT) {
        if (window.getLong(at) == GroupHeader.MAGIC) {
          long absolute = segment.header().start() + base + at;
          Optional<GroupHeader> found = GroupHeader.decode(window, at);
          if (found.isPresent()
              && found.get().segment() == segment.header().number()
              && found.get().offset() == absolute) {
            last = found;
          }
        }
      }
    }
    return last;
  }

  private static boolean isZero(ByteBuffer window) {
    return window.equals(ZEROS.slice(0, window.limit()));
  }

  /** Overwrites what is left of an unfinished group, so that it can't be taken for anything. */
  private void cutTail(Segment segment, Group torn) throws IOException {
    long size = segment.file().size();
    ByteBuffer window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, size));
    boolean dirty = false;
    for (long base = end; base < size; base += WINDOW_BYTES) {
      window.clear().limit((int) Math.min(WINDOW_BYTES, size - base));
      segment.file().read(window, base);
      window.flip();
      if (!isZero(window)) {
        dirty = true;
        segment.file().write(ByteBuffer.allocate(window.limit()), base);
      }
    }
    if (dirty) {
      log.warn(
          "{}: torn tail cut at offset {} ({} at offset {}); nothing in it was durable",
          segment.path(),
          end,
          torn.fault(),
          torn.faultAt());
    }
    // What the crash left in the page cache only is replayed above: it must be durable from now on.
    segment.file().sync();
  }
}

package io.tallystick.ledger.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One long string of bytes in several files of a directory, each named by the offset at which it
 * begins. A file is ended only where the caller says that it may be, so that no slice is ever
 * spread over two. Threads as with {@link AppendFile}.
 */
final class SegmentedFile implements AutoCloseable {
  /** The newest files keep their handles; older ones are opened for each read. */
  private static final int WARM_SEGMENTS = 8;

  private static final int NAME_DIGITS = 20;

  private record Segment(long start, AppendFile file) {}

  private final Path directory;
  private final long segmentBytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(AppendFile.BUFFER_BYTES);
  private volatile List<Segment> segments;
  private volatile boolean directoryDirty;

  private SegmentedFile(Path directory, long segmentBytes, List<Segment> segments) {
    this.directory = directory;
    this.segmentBytes = segmentBytes;
    this.segments = segments;
  }

  /** Opens what is there, or begins with one empty file. */
  static SegmentedFile open(Path directory, long segmentBytes) throws IOException {
    Files.createDirectories(directory);
    SegmentedFile opened = new SegmentedFile(directory, segmentBytes, List.of());
    List<Segment> found = new ArrayList<>();
    for (long start : starts(directory)) {
      found.add(new Segment(start, opened.openAt(start)));
    }
    if (found.isEmpty()) {
      found.add(new Segment(0, opened.openAt(0)));
      opened.directoryDirty = true;
    }
    opened.segments = List.copyOf(found);
    for (int i = 0; i < found.size() - 1; i++) {
      found.get(i).file.seal();
    }
    opened.coolOld();
    return opened;
  }

  private static List<Long> starts(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Long> starts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.matches("[0-9]{" + NAME_DIGITS + "}")) {
          throw new DamagedStoreException(file, 0, "a file that doesn't belong here");
        }
        starts.add(Long.parseUnsignedLong(name));
      }
      return starts;
    }
  }

  private AppendFile openAt(long start) throws IOException {
    return AppendFile.open(directory.resolve(String.format("%020d", start)), buffer);
  }

  /** Where the bytes end that hang together from the beginning, with what is still buffered. */
  long length() {
    long end = 0;
    for (Segment segment : segments) {
      if (segment.start != end) {
        return end;
      }
      end = segment.start + segment.file.flushedLength();
    }
    return end + buffer.position();
  }

  /** The newest file, to put bytes into. */
  AppendFile tail() {
    return segments.getLast().file;
  }

  /** Begins a new file if the newest is long enough; a place where a slice may begin. */
  void rollIfFull() throws IOException {
    Segment last = segments.getLast();
    if (last.file.length() < segmentBytes) {
      return;
    }
    // The buffer is shared: it must be empty before another file takes it over
    last.file.flush();
    List<Segment> more = new ArrayList<>(segments);
    long start = last.start + last.file.flushedLength();
    more.add(new Segment(start, openAt(start)));
    directoryDirty = true;
    segments = List.copyOf(more);
    coolOld();
  }

  private void coolOld() throws IOException {
    for (Segment segment : segments.subList(0, Math.max(0, segments.size() - WARM_SEGMENTS))) {
      segment.file.cool();
    }
  }

  byte[] read(long offset, int length) throws IOException {
    Segment segment = at(offset);
    return segment.file.read(offset - segment.start, length);
  }

  /** Overwrites bytes of one slice: for erasure alone. */
  void overwrite(long offset, byte[] bytes) throws IOException {
    Segment segment = at(offset);
    segment.file.overwrite(offset - segment.start, bytes);
  }

  private Segment at(long offset) {
    List<Segment> all = segments;
    int low = 0;
    int high = all.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (all.get(middle).start <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return all.get(low);
  }

  /** That so many bytes are there; names the file that ends too early. */
  void requireLength(long length) throws DamagedStoreException {
    long end = length();
    if (end < length) {
      Segment last = at(Math.max(0, end - 1));
      throw new DamagedStoreException(
          last.file.path(),
          end - last.start,
          "ends here (expected: " + (length - last.start) + " bytes, with the files after it)");
    }
  }

  void flush() throws IOException {
    tail().flush();
  }

  /** Cuts to {@code length}: later files are deleted. Not beside reads of what is cut. */
  void truncate(long length) throws IOException {
    requireLength(length);
    buffer.clear();
    List<Segment> kept = new ArrayList<>();
    for (Segment segment : segments) {
      if (segment.start == 0 || segment.start < length) {
        kept.add(segment);
      } else {
        segment.file.close();
        Files.delete(segment.file.path());
        directoryDirty = true;
      }
    }
    Segment last = kept.getLast();
    if (kept.size() < segments.size()) {
      // It was sealed: opened again, to be written to
      last.file.close();
      last = new Segment(last.start, openAt(last.start));
      kept.set(kept.size() - 1, last);
    }
    last.file.truncate(length - last.start);
    segments = List.copyOf(kept);
  }

  /** Makes what was flushed durable, the files' names too. */
  void sync() throws IOException {
    List<Segment> all = segments;
    boolean names = directoryDirty;
    directoryDirty = false;
    for (int i = 0; i < all.size(); i++) {
      AppendFile file = all.get(i).file;
      if (file.isDirty()) {
        file.sync();
        if (i < all.size() - 1) {
          file.seal();
        }
      }
    }
    if (names) {
      Directories.sync(directory);
    }
  }

  @Override
  public void close() throws IOException {
    for (Segment segment : segments) {
      segment.file.close();
    }
  }
}

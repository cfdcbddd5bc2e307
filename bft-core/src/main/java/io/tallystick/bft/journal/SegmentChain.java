package io.tallystick.bft.journal;

import io.tallystick.bft.journal.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The files of a journal, oldest first, with a spare one that is made beside. Used by one thread,
 * but for the making of the spare.
 */
final class SegmentChain {
  private static final String SPARE = "spare";
  private static final String SPARE_UNFINISHED = "spare.unfinished";
  private static final int ZERO_BYTES = 1 << 20;

  private final JournalSettings settings;
  private final Disk disk;
  private final ArrayDeque<Segment> segments = new ArrayDeque<>();
  private @Nullable FutureTask<Boolean> spare;

  SegmentChain(JournalSettings settings, Disk disk) {
    this.settings = settings;
    this.disk = disk;
  }

  /** Opens what is there; refuses a chain with a link missing. */
  void open() throws IOException {
    List<Long> numbers = numbers();
    for (int i = 0; i < numbers.size(); i++) {
      long expected = numbers.getFirst() + i;
      Path path = Segment.path(settings.directory(), expected);
      if (numbers.get(i) != expected) {
        throw new DamagedJournalException(path, 0, "the segment is missing, later ones are there");
      }
      segments.addLast(Segment.open(disk, settings, path, expected));
    }
  }

  private List<Long> numbers() throws IOException {
    List<Long> numbers = new ArrayList<>();
    for (String name : disk.names(settings.directory())) {
      if (name.matches("[0-9]{16}" + Segment.SUFFIX)) {
        numbers.add(Long.parseLong(name.substring(0, 16)));
      }
    }
    numbers.sort(null);
    return numbers;
  }

  List<Segment> all() {
    return List.copyOf(segments);
  }

  boolean isEmpty() {
    return segments.isEmpty();
  }

  Segment first() {
    return segments.getFirst();
  }

  Segment last() {
    return segments.getLast();
  }

  /** Number of the segment that holds this position, or of the first if it is older than all. */
  long numberOf(long position) {
    long number = first().header().number();
    for (Segment segment : segments) {
      if (segment.header().firstPosition() <= position) {
        number = segment.header().number();
      }
    }
    return number;
  }

  /** Starts to make the spare, unless it is there or being made. */
  void prepareSpare() {
    if (spare == null) {
      FutureTask<Boolean> task = new FutureTask<>(this::makeSpare);
      spare = task;
      disk.beside("journal-spare", task);
    }
  }

  /** Whether a spare is there; waits for one that is being made. Without it, the reason thrown. */
  boolean awaitSpare() throws IOException, InterruptedException {
    prepareSpare();
    FutureTask<Boolean> task = spare;
    try {
      return task != null && task.get();
    } catch (ExecutionException e) {
      spare = null;
      if (e.getCause() instanceof IOException cause) {
        throw new IOException(cause.getMessage(), cause);
      }
      throw new IllegalStateException("making a spare segment", e.getCause());
    }
  }

  /** Whether the spare is being made right now. */
  boolean makesSpare() {
    FutureTask<Boolean> task = spare;
    return task != null && !task.isDone();
  }

  private boolean makeSpare() throws IOException {
    Path ready = settings.directory().resolve(SPARE);
    if (disk.sizeOf(ready) == settings.segmentBytes()) {
      return true;
    }
    Path unfinished = settings.directory().resolve(SPARE_UNFINISHED);
    try (DiskFile file = disk.open(unfinished)) {
      ByteBuffer zeros =
          ByteBuffer.allocateDirect((int) Math.min(ZERO_BYTES, settings.segmentBytes()));
      for (long at = 0; at < settings.segmentBytes(); at += ZERO_BYTES) {
        zeros.clear().limit((int) Math.min(ZERO_BYTES, settings.segmentBytes() - at));
        file.write(zeros, at);
      }
      file.truncate(settings.segmentBytes());
      file.sync();
    } catch (IOException e) {
      // What is half made would keep the space that it didn't get the rest of.
      disk.delete(unfinished);
      throw e;
    }
    disk.move(unfinished, ready);
    disk.syncDirectory(settings.directory());
    return true;
  }

  /** Makes the spare the next segment; it must be there. */
  Segment begin(long number, long start, long firstPosition, long firstNeeded) throws IOException {
    SegmentHeader header =
        new SegmentHeader(
            settings.cluster(), settings.replica(), number, start, firstPosition, firstNeeded);
    Path from = settings.directory().resolve(SPARE);
    DiskFile file = disk.open(from);
    file.write(header.encode(), 0);
    file.sync();
    Path path = Segment.path(settings.directory(), number);
    disk.move(from, path);
    disk.syncDirectory(settings.directory());
    Segment segment = new Segment(path, header, file);
    segments.addLast(segment);
    spare = null;
    return segment;
  }

  /** Deletes segments before this one, oldest first: what stays is always a suffix. */
  void deleteBefore(long number) throws IOException {
    boolean deleted = false;
    while (first().header().number() < number && segments.size() > 1) {
      Segment segment = segments.removeFirst();
      segment.file().close();
      if (!disk.delete(segment.path())) {
        throw new NoSuchFileException(segment.path().toString());
      }
      deleted = true;
    }
    if (deleted) {
      disk.syncDirectory(settings.directory());
    }
  }

  void close() throws IOException, InterruptedException {
    FutureTask<Boolean> task = spare;
    if (task != null) {
      try {
        task.get();
      } catch (ExecutionException e) {
        // It failed while the journal ends anyway; the next start makes one, or says why not.
        spare = null;
      }
    }
    for (Segment segment : segments) {
      segment.file().close();
    }
  }
}

package io.tallystick.bft.journal;

import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An archive in append-only files, each named by its first sequence number. */
public final class FileBatchArchive implements BatchArchive {
  private static final Logger log = LoggerFactory.getLogger(FileBatchArchive.class);
  private static final String SUFFIX = ".batches";

  private final Path directory;
  private final Disk disk;
  private final long segmentBytes;
  private final ConcurrentSkipListMap<Long, ArchiveSegment> segments =
      new ConcurrentSkipListMap<>();

  private FileBatchArchive(Path directory, Disk disk, long segmentBytes) {
    this.directory = directory;
    this.disk = disk;
    this.segmentBytes = segmentBytes;
  }

  /**
   * Opens what is there, and cuts an unfinished end.
   *
   * @param segmentBytes length after which another file is begun
   */
  public static FileBatchArchive open(Path directory, Disk disk, long segmentBytes)
      throws IOException {
    Files.createDirectories(directory);
    FileBatchArchive archive = new FileBatchArchive(directory, disk, segmentBytes);
    try {
      archive.load();
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
    return archive;
  }

  private void load() throws IOException {
    List<Long> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (name.matches("[0-9]{16}" + SUFFIX)) {
          found.add(Long.parseLong(name.substring(0, 16)));
        }
      }
    }
    found.sort(null);
    for (long first : found) {
      ArchiveSegment segment = segment(first);
      segments.put(first, segment);
      boolean last = first == found.getLast();
      if (last || !segment.loadIndex()) {
        segment.recover();
        if (!last) {
          segment.seal(disk);
        }
      }
    }
  }

  private ArchiveSegment segment(long first) throws IOException {
    Path path = directory.resolve("%016d%s".formatted(first, SUFFIX));
    return new ArchiveSegment(path, disk.open(path), first);
  }

  @Override
  public void append(long seq, Bytes batch) throws IOException {
    long last = lastSeq();
    if (seq <= last) {
      return;
    }
    if (seq != last + 1 && last != 0) {
      log.warn("{}: batches {} to {} aren't held", directory, last + 1, seq - 1);
    }
    Map.Entry<Long, ArchiveSegment> entry = segments.lastEntry();
    if (entry == null || seq != last + 1 || entry.getValue().bytes() >= segmentBytes) {
      if (entry != null) {
        entry.getValue().seal(disk);
      }
      ArchiveSegment begun = segment(seq);
      disk.syncDirectory(directory);
      begun.append(seq, batch);
      segments.put(seq, begun);
    } else {
      entry.getValue().append(seq, batch);
    }
  }

  @Override
  public void sync() throws IOException {
    // All earlier ones were synced when they were full.
    Map.Entry<Long, ArchiveSegment> last = segments.lastEntry();
    if (last != null) {
      last.getValue().sync();
    }
  }

  @Override
  public Optional<Bytes> read(long seq) throws IOException {
    Map.Entry<Long, ArchiveSegment> entry = segments.floorEntry(seq);
    return entry == null ? Optional.empty() : entry.getValue().read(seq);
  }

  @Override
  public long lastSeq() {
    Map.Entry<Long, ArchiveSegment> last = segments.lastEntry();
    return last == null ? 0 : last.getValue().lastSeq();
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (ArchiveSegment segment : segments.values()) {
      try {
        segment.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}

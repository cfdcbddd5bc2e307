package io.tallystick.bft.journal;

import io.tallystick.bft.journal.Disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/** One segment: its header, and its open file. Used by one thread at a time. */
record Segment(Path path, SegmentHeader header, DiskFile file) {
  static final String SUFFIX = ".journal";

  static Path path(Path directory, long number) {
    return directory.resolve(name(number));
  }

  static String name(long number) {
    return "%016d%s".formatted(number, SUFFIX);
  }

  /** Opens one that is there, and refuses what isn't a segment of this journal. */
  static Segment open(Disk disk, JournalSettings settings, Path path, long number)
      throws IOException {
    DiskFile file = disk.open(path);
    try {
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
      file.read(bytes, 0);
      SegmentHeader header =
          SegmentHeader.decode(bytes.flip())
              .orElseThrow(() -> new DamagedJournalException(path, 0, "no segment header"));
      if (!header.cluster().equals(settings.cluster())) {
        throw new IOException(
            path + ": of cluster " + header.cluster() + " (expected: " + settings.cluster() + ")");
      }
      if (!header.replica().equals(settings.replica())) {
        throw new IOException(
            path + ": of replica " + header.replica() + " (expected: " + settings.replica() + ")");
      }
      if (header.number() != number) {
        throw new DamagedJournalException(
            path, 0, "segment " + header.number() + " (expected: " + number + ")");
      }
      return new Segment(path, header, file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }
}

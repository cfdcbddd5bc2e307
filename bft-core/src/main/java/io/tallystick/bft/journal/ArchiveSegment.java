package io.tallystick.bft.journal;

import io.tallystick.bft.journal.Disk.DiskFile;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the archive: consecutive batches, each as {@code u64 seq | u32 length | u32 CRC-32C |
 * bytes}. Every sixteenth one's offset is kept in memory, and in an index file once the segment is
 * full, so that a start doesn't read what is full. Appended to by one thread, read by any.
 */
final class ArchiveSegment {
  private static final Logger log = LoggerFactory.getLogger(ArchiveSegment.class);
  private static final int STRIDE = 16;
  private static final int HEADER_BYTES = 16;
  private static final long INDEX_MAGIC = 0x54414c4c59494458L; // "TALLYIDX"

  private final Path path;
  private final DiskFile file;
  private final long firstSeq;
  private long[] offsets = new long[64];
  private long count;
  private volatile long end;
  private volatile long lastSeq;

  ArchiveSegment(Path path, DiskFile file, long firstSeq) {
    this.path = path;
    this.file = file;
    this.firstSeq = firstSeq;
    this.lastSeq = firstSeq - 1;
  }

  long firstSeq() {
    return firstSeq;
  }

  long lastSeq() {
    return lastSeq;
  }

  long bytes() {
    return end;
  }

  void append(long seq, Bytes batch) throws IOException {
    byte[] bytes = batch.unsafeArray();
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + bytes.length);
    out.putLong(seq).putInt(bytes.length).putInt(Checksum.of(seq, bytes, 0, bytes.length));
    out.put(bytes).flip();
    file.write(out, end);
    added(end, HEADER_BYTES + bytes.length);
  }

  private synchronized void added(long offset, long length) {
    if (count % STRIDE == 0) {
      int index = (int) (count / STRIDE);
      if (index == offsets.length) {
        offsets = Arrays.copyOf(offsets, 2 * offsets.length);
      }
      offsets[index] = offset;
    }
    count++;
    end = offset + length;
    lastSeq = firstSeq + count - 1;
  }

  private synchronized long indexed(long seq) {
    return offsets[(int) ((seq - firstSeq) / STRIDE)];
  }

  Optional<Bytes> read(long seq) throws IOException {
    if (seq < firstSeq || seq > lastSeq) {
      return Optional.empty();
    }
    long offset = indexed(seq);
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    for (long at = seq - (seq - firstSeq) % STRIDE; ; at++) {
      header.clear();
      file.read(header, offset);
      int length = header.getInt(8);
      if (header.position() < HEADER_BYTES
          || header.getLong(0) != at
          || length < 0
          || length > end - offset - HEADER_BYTES) {
        throw new DamagedJournalException(path, offset, "no header of batch " + at);
      }
      if (at == seq) {
        byte[] bytes = new byte[length];
        file.read(ByteBuffer.wrap(bytes), offset + HEADER_BYTES);
        if (header.getInt(12) != Checksum.of(seq, bytes, 0, length)) {
          throw new DamagedJournalException(path, offset, "batch " + seq + " against its checksum");
        }
        return Optional.of(Bytes.wrap(bytes));
      }
      offset += HEADER_BYTES + length;
    }
  }

  void sync() throws IOException {
    file.sync();
  }

  /** Finds what the file holds by reading it, and cuts what a crash left unfinished at its end. */
  void recover() throws IOException {
    long size = file.size();
    long offset = 0;
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    while (offset < size) {
      header.clear();
      file.read(header, offset);
      int length = header.getInt(8);
      long next = offset + HEADER_BYTES + length;
      if (header.position() < HEADER_BYTES
          || header.getLong(0) != firstSeq + count
          || length < 0
          || next > size) {
        break;
      }
      byte[] bytes = new byte[length];
      file.read(ByteBuffer.wrap(bytes), offset + HEADER_BYTES);
      if (header.getInt(12) != Checksum.of(firstSeq + count, bytes, 0, length)) {
        break;
      }
      added(offset, HEADER_BYTES + length);
      offset = next;
    }
    if (offset < size) {
      log.warn("{}: cut at offset {} of {}: no whole batch follows", path, offset, size);
      file.truncate(offset);
    }
    file.sync();
  }

  /** Syncs a full segment, and writes its index. */
  void seal(Disk disk) throws IOException {
    file.sync();
    int entries = (int) ((count + STRIDE - 1) / STRIDE);
    ByteBuffer out = ByteBuffer.allocate(32 + 8 * entries + 4);
    out.putLong(INDEX_MAGIC).putLong(firstSeq).putLong(count).putLong(end);
    for (int i = 0; i < entries; i++) {
      out.putLong(offsets[i]);
    }
    out.putInt(Checksum.of(out, 0, out.position())).flip();
    try (DiskFile index = disk.open(indexPath())) {
      index.truncate(0);
      index.write(out, 0);
      index.sync();
    }
  }

  /** Takes a sealed segment's index; false when there is none that holds. */
  boolean loadIndex() throws IOException {
    if (!Files.exists(indexPath())) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(indexPath()));
    int length = in.limit() - 4;
    if (length < 32
        || in.getLong(0) != INDEX_MAGIC
        || in.getLong(8) != firstSeq
        || in.getInt(length) != Checksum.of(in, 0, length)
        || in.getLong(24) != file.size()) {
      return false;
    }
    synchronized (this) {
      count = in.getLong(16);
      end = in.getLong(24);
      lastSeq = firstSeq + count - 1;
      offsets = new long[(length - 32) / 8];
      for (int i = 0; i < offsets.length; i++) {
        offsets[i] = in.getLong(32 + 8 * i);
      }
    }
    return true;
  }

  private Path indexPath() {
    return path.resolveSibling(path.getFileName() + ".index");
  }

  void close() throws IOException {
    file.close();
  }
}

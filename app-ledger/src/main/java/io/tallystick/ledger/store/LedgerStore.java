package io.tallystick.ledger.store;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.crypto.merkle.HashSource;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.crypto.merkle.TilePath;
import io.tallystick.ledger.entry.Envelope;
import io.tallystick.ledger.entry.LedgerEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A ledger's entries and the hashes of its tree. Files, under one directory: {@code tile-0}, {@code
 * tile-1}, … and {@code nodes} ({@link HashFiles}); {@code entries/}, whose slices of 256 framed
 * envelopes are entry bundles; {@code payloads/}, for each entry a mark (0 present, 1 erased), 32
 * bytes of salt and the content; {@code index}, for each entry where it ends in those two (16
 * bytes). Any read is O(1). One thread appends, one syncs, any read; a reader sees entries below
 * {@link #size}, which moves when a whole append is written.
 */
public final class LedgerStore implements HashSource, AutoCloseable {
  /** A segment of entries or payloads is ended at the first bundle past this size, in bytes. */
  public static final long SEGMENT_BYTES = 1L << 30;

  private static final int INDEX_BYTES = 16;
  private static final int PAYLOAD_HEAD_BYTES = 1 + Payload.SALT_LENGTH;
  private static final int FRAME_BYTES = 2;
  private static final int ERASED = 1;

  private final Path directory;
  private final HashFiles hashes;
  private final AppendFile index;
  private final SegmentedFile entries;
  private final SegmentedFile payloads;
  private CompactRange edge = new CompactRange();
  private boolean ragged = true;
  private boolean directoryDirty = true;
  private volatile TreeHead head;
  private volatile @Nullable IOException syncFailure;

  /** Where an entry ends, in both of the segmented files. */
  private record Ends(long entries, long payloads) {}

  private LedgerStore(Path directory, long segmentBytes) throws IOException {
    this.directory = directory;
    Files.createDirectories(directory);
    this.hashes = HashFiles.open(directory);
    this.index = AppendFile.open(directory.resolve("index"));
    this.entries = SegmentedFile.open(directory.resolve("entries"), segmentBytes);
    this.payloads = SegmentedFile.open(directory.resolve("payloads"), segmentBytes);
    this.head = new TreeHead(0, Rfc6962.EMPTY_ROOT);
  }

  /**
   * Opens what is there, or an empty store. Its size is that of the longest prefix of which every
   * file holds its part; what is beyond is cut by {@link #truncateTo} or the first append.
   */
  public static LedgerStore open(Path directory) throws IOException {
    return open(directory, SEGMENT_BYTES);
  }

  /** Opens with other segments than usual. */
  public static LedgerStore open(Path directory, long segmentBytes) throws IOException {
    LedgerStore store = new LedgerStore(directory, segmentBytes);
    try {
      store.settle(store.measure());
      return store;
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private long measure() throws IOException {
    long size = Math.min(index.length() / INDEX_BYTES, hashes.leaves());
    while (size > 0 && !holds(size)) {
      size--;
    }
    return size;
  }

  private boolean holds(long size) throws IOException {
    try {
      requireHeld(size);
      return true;
    } catch (DamagedStoreException e) {
      // Said aloud if it matters: by truncateTo, when a mark vouches for this size
      return false;
    }
  }

  private void requireHeld(long size) throws IOException {
    index.requireLength(size * INDEX_BYTES);
    hashes.requireHeld(size);
    Ends ends = ends(size - 1);
    Ends before = ends(size - 2);
    boolean ascending =
        size == 0
            || (ends.entries > before.entries + FRAME_BYTES
                && ends.payloads >= before.payloads + PAYLOAD_HEAD_BYTES);
    if (!ascending) {
      throw new DamagedStoreException(
          index.path(), (size - 1) * INDEX_BYTES, "the entry ends before it begins");
    }
    entries.requireLength(ends.entries);
    payloads.requireLength(ends.payloads);
  }

  private void settle(long size) {
    edge = CompactRange.of(size, hashes);
    head = new TreeHead(size, edge.root());
  }

  /** Number of entries that readers may ask for. */
  public long size() {
    return head.size();
  }

  /** Size and root, both after the last append. */
  public TreeHead head() {
    return head;
  }

  /**
   * Appends, in order, all or nothing as far as readers see.
   *
   * @throws IOException when the disk failed or is full; then nothing is appended, and a later call
   *     first cuts what was written of it
   */
  public TreeHead append(List<LedgerEntry> batch) throws IOException {
    refuseAfterFailedSync();
    if (ragged) {
      truncateTo(size());
    }
    ragged = true;
    try {
      for (LedgerEntry entry : batch) {
        put(entry);
      }
      entries.flush();
      payloads.flush();
      hashes.flush();
      index.flush();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    ragged = false;
    head = new TreeHead(edge.size(), edge.root());
    return head;
  }

  private void put(LedgerEntry entry) throws IOException {
    Bytes envelope = entry.envelope();
    if (envelope.isEmpty() || envelope.size() > Envelope.BYTES_MAX) {
      throw new IllegalArgumentException(
          "envelope: " + envelope.size() + " bytes (expected: 1 to " + Envelope.BYTES_MAX + ")");
    }
    if (entry.salt().size() != Payload.SALT_LENGTH) {
      throw new IllegalArgumentException("salt: " + entry.salt().size() + " bytes (expected: 32)");
    }
    if (edge.size() % TilePath.FULL == 0) {
      entries.rollIfFull();
      payloads.rollIfFull();
    }
    AppendFile framed = entries.tail();
    framed.putU16(envelope.size());
    framed.put(envelope.unsafeArray());
    AppendFile beside = payloads.tail();
    beside.putU8(0);
    beside.put(entry.salt().unsafeArray());
    beside.put(entry.content().unsafeArray());
    index.putU64(entries.length());
    index.putU64(payloads.length());
    edge.append(Rfc6962.leafHash(envelope), hashes);
  }

  /**
   * Cuts to the first {@code size} entries: at recovery, before anybody reads.
   *
   * @throws DamagedStoreException when there are fewer; names the file that ends too early
   */
  public void truncateTo(long size) throws IOException {
    // All is looked at before anything is cut: what is damaged may still be of use to a person
    requireHeld(size);
    ragged = true;
    Ends ends = ends(size - 1);
    index.truncate(size * INDEX_BYTES);
    entries.truncate(ends.entries);
    payloads.truncate(ends.payloads);
    hashes.truncate(size);
    settle(size);
    ragged = false;
  }

  /**
   * Makes durable what was appended when this was called; may run beside appends.
   *
   * @return the size that is durable now
   * @throws IOException when a sync failed, now or ever: the store takes nothing more
   */
  public synchronized long sync() throws IOException {
    refuseAfterFailedSync();
    long covered = size();
    try {
      entries.sync();
      payloads.sync();
      hashes.sync();
      index.sync();
      // Names of tile files appear late and rarely: the directory is cheap to sync each time
      if (directoryDirty || covered >>> 8 != 0) {
        Directories.sync(directory);
        directoryDirty = false;
      }
    } catch (IOException e) {
      syncFailure = e;
      throw e;
    }
    return covered;
  }

  private void refuseAfterFailedSync() throws IOException {
    IOException failure = syncFailure;
    if (failure != null) {
      throw new IOException(directory + ": an earlier sync failed", failure);
    }
  }

  @Override
  public Digest hash(int level, long at) {
    if (level < 0 || level > 62 || at < 0 || at >= size() >>> level) {
      throw new IndexOutOfBoundsException(
          "subtree: level " + level + " index " + at + " (expected: within " + size() + " leaves)");
    }
    return hashes.hash(level, at);
  }

  /** The root of the first {@code size} entries. */
  public Digest rootAt(long size) {
    if (size < 0 || size > size()) {
      throw new IndexOutOfBoundsException("size: " + size + " (expected: 0 to " + size() + ")");
    }
    return CompactRange.of(size, hashes).root();
  }

  /** The leaf at {@code at}. */
  public Bytes envelope(long at) throws IOException {
    return envelopes(at, 1).getFirst();
  }

  /** The {@code count} leaves from {@code from} on: two reads for each entry bundle they are in. */
  public List<Bytes> envelopes(long from, int count) throws IOException {
    List<Bytes> leaves = new ArrayList<>(count);
    while (leaves.size() < count) {
      long first = from + leaves.size();
      requireEntry(first);
      long end = Math.min(size(), first - first % TilePath.FULL + TilePath.FULL);
      int some = (int) Math.min(count - leaves.size(), end - first);
      long start = ends(first - 1).entries;
      byte[] framed = slice(entries, start, ends(first + some - 1).entries);
      int at = 0;
      for (int i = 0; i < some; i++) {
        leaves.add(unframe(framed, at));
        at += FRAME_BYTES + leaves.getLast().size();
      }
    }
    return leaves;
  }

  /** What is kept beside the leaf at {@code at}. */
  public StoredPayload payload(long at) throws IOException {
    requireEntry(at);
    Ends before = ends(at - 1);
    return payload(slice(payloads, before.payloads, ends(at).payloads));
  }

  /**
   * Some entries, in order, from {@code from} on: not past the end of its entry bundle, and no more
   * than asked for; at least one if there is one.
   *
   * @param bytesMax bound on envelopes and payloads together, except for the first entry
   */
  public List<StoredEntry> read(long from, int countMax, long bytesMax) throws IOException {
    long size = size();
    if (from < 0 || from >= size || countMax <= 0) {
      return List.of();
    }
    long end = Math.min(size, from - from % TilePath.FULL + TilePath.FULL);
    int count = (int) Math.min(countMax, end - from);
    Ends start = ends(from - 1);
    ByteBuffer positions = ByteBuffer.wrap(index.read(from * INDEX_BYTES, count * INDEX_BYTES));
    List<Ends> ends = new ArrayList<>(count);
    while (positions.hasRemaining()) {
      Ends next = new Ends(positions.getLong(), positions.getLong());
      long bytes = next.entries - start.entries + next.payloads - start.payloads;
      if (!ends.isEmpty() && bytes > bytesMax) {
        break;
      }
      ends.add(next);
    }
    byte[] framed = slice(entries, start.entries, ends.getLast().entries);
    byte[] beside = slice(payloads, start.payloads, ends.getLast().payloads);
    List<StoredEntry> rows = new ArrayList<>(ends.size());
    Ends before = start;
    for (Ends next : ends) {
      Bytes envelope = unframe(framed, (int) (before.entries - start.entries));
      int to = (int) (next.payloads - start.payloads);
      byte[] kept = Arrays.copyOfRange(beside, (int) (before.payloads - start.payloads), to);
      rows.add(new StoredEntry(from + rows.size(), envelope, payload(kept)));
      before = next;
    }
    return rows;
  }

  /** The file {@code tile/L/N[.p/W]}; the tree must be large enough. */
  public Bytes tile(int level, long n, int width) throws IOException {
    requireTile(TilePath.hashes(level, n, width));
    return Bytes.wrap(hashes.tile(level, n * TilePath.FULL, width));
  }

  /** The file {@code tile/entries/N[.p/W]}; the tree must be large enough. */
  public Bytes entryBundle(long n, int width) throws IOException {
    requireTile(TilePath.entries(n, width));
    long first = n * TilePath.FULL;
    return Bytes.wrap(slice(entries, ends(first - 1).entries, ends(first + width - 1).entries));
  }

  /** Writes the file {@code payloads/N[.p/W]}, row by row: 256 payloads may be large. */
  public void payloadRows(long n, int width, OutputStream out) throws IOException {
    requireTile(TilePath.payloads(n, width));
    long first = n * TilePath.FULL;
    for (long at = first; at < first + width; at++) {
      out.write(PayloadRow.of(at, payload(at)).unsafeArray());
    }
  }

  /** Overwrites salt and payload of an entry in place, and syncs. Idempotent. */
  public void erase(long at, long order) throws IOException {
    requireEntry(at);
    Ends before = ends(at - 1);
    int length = (int) (ends(at).payloads - before.payloads);
    ByteBuffer erased = ByteBuffer.allocate(length);
    erased.put((byte) ERASED).putLong(order);
    payloads.overwrite(before.payloads, erased.array());
  }

  private void requireEntry(long at) {
    if (at < 0 || at >= size()) {
      throw new IndexOutOfBoundsException(
          "entry: " + at + " (expected: 0 to " + (size() - 1) + ")");
    }
  }

  private void requireTile(TilePath path) {
    if (path.width() > TilePath.width(path.level(), path.index(), size())) {
      throw new IndexOutOfBoundsException(path + " (expected: within " + size() + " entries)");
    }
  }

  private Ends ends(long at) throws IOException {
    if (at < 0) {
      return new Ends(0, 0);
    }
    ByteBuffer ends = ByteBuffer.wrap(index.read(at * INDEX_BYTES, INDEX_BYTES));
    return new Ends(ends.getLong(), ends.getLong());
  }

  private byte[] slice(SegmentedFile file, long from, long to) throws IOException {
    if (to < from || to - from > Integer.MAX_VALUE - 16) {
      throw new DamagedStoreException(index.path(), 0, "ends " + from + " and " + to);
    }
    return file.read(from, (int) (to - from));
  }

  private Bytes unframe(byte[] framed, int at) throws IOException {
    int from = at + FRAME_BYTES;
    int length = from > framed.length ? 0 : (framed[at] & 0xff) << 8 | framed[at + 1] & 0xff;
    if (length == 0 || from + length > framed.length) {
      throw new DamagedStoreException(
          directory.resolve("entries"), at, "a frame of " + length + " bytes");
    }
    return Bytes.wrap(Arrays.copyOfRange(framed, from, from + length));
  }

  private StoredPayload payload(byte[] record) {
    if (record[0] == ERASED) {
      return new StoredPayload.Erased(ByteBuffer.wrap(record, 1, Long.BYTES).getLong());
    }
    Bytes all = Bytes.wrap(record);
    return new StoredPayload.Present(
        all.slice(1, PAYLOAD_HEAD_BYTES), all.slice(PAYLOAD_HEAD_BYTES, record.length));
  }

  @Override
  public void close() throws IOException {
    hashes.close();
    index.close();
    entries.close();
    payloads.close();
  }
}

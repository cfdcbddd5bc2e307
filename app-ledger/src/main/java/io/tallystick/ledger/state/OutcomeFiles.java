package io.tallystick.ledger.state;

import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.crypto.merkle.Rfc6962;
import io.tallystick.ledger.store.AppendFile;
import io.tallystick.ledger.store.DamagedStoreException;
import io.tallystick.ledger.store.Directories;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes tree on disk: a file for each segment, named by the index of its first record. It
 * begins with the hashes of the complete subtrees left of it (u8 how many, 32 bytes each), so that
 * older files can go; then come the records, each as u16 length and leaf. One thread appends, one
 * syncs beside it.
 */
final class OutcomeFiles implements AutoCloseable {
  private static final int NAME_DIGITS = 20;
  private static final long NONE = -1;

  private final Path directory;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(AppendFile.BUFFER_BYTES);
  private final Queue<AppendFile> ended = new ConcurrentLinkedQueue<>();
  private final Object syncing = new Object();
  private CompactRange tree;
  private volatile @Nullable AppendFile tail;
  private long tailFirst = NONE;
  private long tailLength;
  private boolean ragged;
  private volatile boolean directoryDirty = true;

  private OutcomeFiles(Path directory, CompactRange tree) {
    this.directory = directory;
    this.tree = tree;
  }

  /** Begins anew; refuses a directory where something is. */
  static OutcomeFiles create(Path directory) throws IOException {
    Files.createDirectories(directory);
    List<Long> firsts = firsts(directory);
    if (!firsts.isEmpty()) {
      throw new DamagedStoreException(
          path(directory, firsts.getFirst()), 0, "outcomes that no mark vouches for");
    }
    return new OutcomeFiles(directory, new CompactRange());
  }

  /**
   * Reads the records from {@code firstKept} on to the end of {@code tree} and gives their leaves
   * to {@code each}; cuts what is beyond, deletes what is before.
   *
   * @throws DamagedStoreException when something is missing, or makes another tree
   */
  static OutcomeFiles open(Path directory, long firstKept, CompactRange tree, Consumer<byte[]> each)
      throws IOException {
    Files.createDirectories(directory);
    long size = tree.size();
    OutcomeFiles files = new OutcomeFiles(directory, new CompactRange());
    long next = firstKept;
    for (long first : firsts(directory)) {
      if (first < firstKept || first >= size) {
        Files.delete(path(directory, first));
      } else if (first == next) {
        next = files.load(first, size, each);
      }
    }
    if (next != size) {
      throw new DamagedStoreException(
          path(directory, next), 0, "the file is missing (expected: outcomes up to " + size + ")");
    }
    if (firstKept < size && !files.tree.hashes().equals(tree.hashes())) {
      throw new DamagedStoreException(
          directory,
          0,
          "outcomes whose root is " + files.root() + " (expected: " + tree.root() + ")");
    }
    // When nothing is kept, the mark alone says what is left of the next record
    files.tree = tree.copy();
    return files;
  }

  private long load(long first, long size, Consumer<byte[]> each) throws IOException {
    AppendFile file = AppendFile.open(path(directory, first), buffer);
    try {
      ByteBuffer content = ByteBuffer.wrap(file.read(0, (int) file.length()));
      CompactRange left = left(file.path(), content, first);
      if (first == tree.size() && !left.hashes().equals(tree.hashes())) {
        throw new DamagedStoreException(file.path(), 0, "other hashes than the files before say");
      }
      tree = left;
      while (tree.size() < size && tree.size() - first < OutcomeSegment.RECORDS) {
        int at = content.position();
        int length = content.remaining() < 2 ? -1 : content.getShort() & 0xffff;
        if (length < 0 || length > content.remaining()) {
          throw new DamagedStoreException(
              file.path(), at, "ends here (expected: outcomes up to " + size + ")");
        }
        byte[] leaf = new byte[length];
        content.get(leaf);
        tree.append(Rfc6962.leafHash(leaf));
        each.accept(leaf);
      }
      file.truncate(content.position());
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    AppendFile before = tail;
    if (before != null) {
      before.close();
    }
    tail = file;
    settle(first, file.length());
    return tree.size();
  }

  private static CompactRange left(Path path, ByteBuffer content, long first)
      throws DamagedStoreException {
    int count = content.hasRemaining() ? content.get() : -1;
    if (count != Long.bitCount(first) || content.remaining() < count * Digest.LENGTH) {
      throw new DamagedStoreException(
          path, 0, count + " hashes (expected: " + Long.bitCount(first) + ")");
    }
    List<Digest> hashes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] hash = new byte[Digest.LENGTH];
      content.get(hash);
      hashes.add(Digest.of(hash));
    }
    return CompactRange.of(first, hashes);
  }

  private void settle(long first, long length) {
    tailFirst = first;
    tailLength = length;
    ragged = false;
  }

  long size() {
    return tree.size();
  }

  Digest root() {
    return tree.root();
  }

  /**
   * Writes records; they count when {@link #commit} says so, and are cut at the next call when it
   * doesn't.
   *
   * @return the tree with them
   */
  CompactRange prepare(List<byte[]> leaves) throws IOException {
    if (ragged) {
      repair();
    }
    CompactRange next = tree.copy();
    ragged = true;
    for (byte[] leaf : leaves) {
      if (next.size() % OutcomeSegment.RECORDS == 0) {
        roll(next);
      }
      AppendFile file = open();
      file.putU16(leaf.length);
      file.put(leaf);
      next.append(Rfc6962.leafHash(leaf));
    }
    if (!leaves.isEmpty()) {
      open().flush();
    }
    return next;
  }

  /** Makes what was prepared count. */
  void commit(CompactRange prepared) {
    AppendFile file = tail;
    if (prepared.size() > tree.size() && file != null) {
      long first = (prepared.size() - 1) / OutcomeSegment.RECORDS * OutcomeSegment.RECORDS;
      settle(first, file.length());
    }
    tree = prepared;
    ragged = false;
  }

  private AppendFile open() {
    AppendFile file = tail;
    if (file == null) {
      throw new IllegalStateException("outcomes: no file to append to");
    }
    return file;
  }

  private void roll(CompactRange left) throws IOException {
    AppendFile before = tail;
    if (before != null) {
      before.flush();
    }
    directoryDirty = true;
    AppendFile next = AppendFile.open(path(directory, left.size()), buffer);
    next.truncate(0);
    next.putU8(left.hashes().size());
    for (Digest hash : left.hashes()) {
      next.put(hash.unsafeArray());
    }
    tail = next;
    if (before != null) {
      ended.add(before);
    }
  }

  /** Cuts what a failed batch left behind. */
  private void repair() throws IOException {
    synchronized (syncing) {
      buffer.clear();
      AppendFile file = tail;
      boolean same = file != null && file.path().equals(path(directory, tailFirst));
      if (file != null && !same) {
        file.close();
        ended.removeIf(old -> old.path().equals(path(directory, tailFirst)));
        file = tailFirst == NONE ? null : AppendFile.open(path(directory, tailFirst), buffer);
        tail = file;
      }
      if (file != null) {
        file.truncate(tailLength);
      }
      for (long first : firsts(directory)) {
        if (first > tailFirst) {
          Files.delete(path(directory, first));
        }
      }
      ragged = false;
    }
  }

  /** Makes durable what was committed; may run beside {@link #prepare}. */
  void sync() throws IOException {
    synchronized (syncing) {
      // The tail first: if it ends meanwhile it is synced twice, and never not at all
      AppendFile file = tail;
      boolean names = directoryDirty;
      directoryDirty = false;
      for (AppendFile old = ended.poll(); old != null; old = ended.poll()) {
        old.sync();
        old.close();
      }
      if (file != null) {
        file.sync();
      }
      if (names) {
        Directories.sync(directory);
      }
    }
  }

  /** Deletes files of records below {@code first}; a mark that doesn't need them is durable. */
  void deleteBelow(long first) throws IOException {
    List<Long> all = firsts(directory);
    // The newest stays: it is the one to go back to when an append fails
    for (long old : all.subList(0, Math.max(0, all.size() - 1))) {
      if (old + OutcomeSegment.RECORDS <= first) {
        Files.delete(path(directory, old));
      }
    }
  }

  private static List<Long> firsts(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      List<Long> firsts = new ArrayList<>();
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (!name.matches("[0-9]{" + NAME_DIGITS + "}")) {
          throw new DamagedStoreException(file, 0, "a file that doesn't belong here");
        }
        firsts.add(Long.parseLong(name));
      }
      return firsts;
    }
  }

  private static Path path(Path directory, long first) {
    return directory.resolve(String.format("%020d", first));
  }

  /** The tree as of the last commit. */
  CompactRange tree() {
    return tree;
  }

  @Override
  public void close() throws IOException {
    for (AppendFile old = ended.poll(); old != null; old = ended.poll()) {
      old.close();
    }
    AppendFile file = tail;
    if (file != null) {
      file.close();
    }
  }
}

package io.tallystick.ledger.store;

import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.HashSource;
import io.tallystick.crypto.merkle.SubtreeSink;
import io.tallystick.crypto.merkle.Tile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The hashes of all complete subtrees. File {@code tile-k} holds those of 256^k leaves, one after
 * the other, so that each 8,192 bytes are a C2SP tile. File {@code nodes} holds those of 2 and more
 * leaves in the order in which they are completed: the one of level l and index i (l ≥ 1) is
 * completed by leaf j = (i+1)·2^l − 1, and stands after the j − popcount(j) nodes that leaves
 * before j completed and the l − 1 lower ones that j itself did. So any hash is one read of 32
 * bytes. Threads as with {@link AppendFile}.
 */
final class HashFiles implements HashSource, SubtreeSink, AutoCloseable {
  /** Enough for 2^63 leaves. */
  private static final int TILE_LEVELS = 8;

  private final Path directory;
  private final AppendFile nodes;
  private volatile List<AppendFile> tiles;

  private HashFiles(Path directory, AppendFile nodes, List<AppendFile> tiles) {
    this.directory = directory;
    this.nodes = nodes;
    this.tiles = List.copyOf(tiles);
  }

  static HashFiles open(Path directory) throws IOException {
    List<AppendFile> tiles = new ArrayList<>();
    for (int level = 0; level < TILE_LEVELS; level++) {
      if (level == 0 || Files.exists(tilePath(directory, level))) {
        tiles.add(AppendFile.open(tilePath(directory, level)));
      }
    }
    return new HashFiles(directory, AppendFile.open(directory.resolve("nodes")), tiles);
  }

  private static Path tilePath(Path directory, int level) {
    return directory.resolve("tile-" + level);
  }

  /** That all hashes of the first {@code size} leaves are there, as far as lengths tell. */
  void requireHeld(long size) throws DamagedStoreException {
    nodes.requireLength(nodesBefore(size) * Digest.LENGTH);
    for (int level = 0; level < TILE_LEVELS; level++) {
      long length = (size >>> 8 * level) * Digest.LENGTH;
      if (level < tiles.size()) {
        tiles.get(level).requireLength(length);
      } else if (length > 0) {
        throw new DamagedStoreException(tilePath(directory, level), 0, "the file is missing");
      }
    }
  }

  /** Leaves of which at least the leaf's own hash is there. */
  long leaves() {
    return tiles.getFirst().length() / Digest.LENGTH;
  }

  @Override
  public void completed(int level, long index, Digest hash) {
    try {
      if (level > 0) {
        nodes.put(hash.unsafeArray());
      }
      if (level % Tile.HEIGHT == 0) {
        tileFile(level / Tile.HEIGHT).put(hash.unsafeArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private AppendFile tileFile(int level) throws IOException {
    List<AppendFile> all = tiles;
    if (level < all.size()) {
      return all.get(level);
    }
    List<AppendFile> more = new ArrayList<>(all);
    more.add(AppendFile.open(tilePath(directory, level)));
    tiles = List.copyOf(more);
    return tiles.get(level);
  }

  /** Writes what is buffered. */
  void flush() throws IOException {
    nodes.flush();
    for (AppendFile tile : tiles) {
      tile.flush();
    }
  }

  void truncate(long size) throws IOException {
    nodes.truncate(nodesBefore(size) * Digest.LENGTH);
    for (int level = 0; level < tiles.size(); level++) {
      tiles.get(level).truncate((size >>> 8 * level) * Digest.LENGTH);
    }
  }

  void sync() throws IOException {
    nodes.sync();
    for (AppendFile tile : tiles) {
      tile.sync();
    }
  }

  /** A slice of a tile level: {@code width} hashes from the one of {@code index} on. */
  byte[] tile(int level, long index, int width) throws IOException {
    return tiles.get(level).read(index * Digest.LENGTH, width * Digest.LENGTH);
  }

  @Override
  public Digest hash(int level, long index) {
    try {
      if (level == 0) {
        return Digest.of(tiles.getFirst().read(index * Digest.LENGTH, Digest.LENGTH));
      }
      long last = ((index + 1) << level) - 1;
      long position = nodesBefore(last) + level - 1;
      return Digest.of(nodes.read(position * Digest.LENGTH, Digest.LENGTH));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long nodesBefore(long size) {
    return size - Long.bitCount(size);
  }

  @Override
  public void close() throws IOException {
    nodes.close();
    for (AppendFile tile : tiles) {
      tile.close();
    }
  }
}

package io.tallystick.crypto.merkle;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Digest;
import java.util.function.Function;

/**
 * The hashes of the tree of {@code size} leaves, read from its tiles. Asks for the tiles that a
 * tree of exactly this size has; keeps none, so a reader that is slow should cache.
 */
public record TiledHashes(long size, Function<TilePath, Tile> tiles) implements HashSource {
  /** Checks nothing but nulls and the sign of the size. */
  public TiledHashes {
    requireNonNull(tiles, "tiles");
    if (size < 0) {
      throw new MalformedTreeException("tree size", size, ">= 0");
    }
  }

  @Override
  public Digest hash(int level, long index) {
    if (level < 0 || level > 62 || index < 0 || index >= size >>> level) {
      throw new MalformedTreeException(
          "subtree", "level " + level + " index " + index, "one within " + size + " leaves");
    }
    int tileLevel = level / Tile.HEIGHT;
    int height = level % Tile.HEIGHT;
    int perTile = TilePath.FULL >>> height;
    long tileIndex = index / perTile;
    int width = TilePath.width(tileLevel, tileIndex, size);
    Tile tile = tiles.apply(TilePath.hashes(tileLevel, tileIndex, width));
    return tile.hash(height, (int) (index % perTile));
  }
}

package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Up to 256 consecutive hashes of complete subtrees of one size: the content of a file {@code
 * tile/L/N[.p/W]}, 32 bytes for each hash.
 */
public record Tile(List<Digest> hashes) {
  /** Tree levels that a tile spans. */
  public static final int HEIGHT = 8;

  /**
   * Checks the number of hashes.
   *
   * @throws MalformedTreeException unless there are 1 to 256
   */
  public Tile {
    hashes = List.copyOf(hashes);
    if (hashes.isEmpty() || hashes.size() > TilePath.FULL) {
      throw new MalformedTreeException("tile", hashes.size() + " hashes", "1 to 256");
    }
  }

  /**
   * Decodes the file of a tile of {@code width} hashes.
   *
   * @throws MalformedTreeException when it isn't exactly that long
   */
  public static Tile decode(byte[] file, int width) {
    if (width < 1 || width > TilePath.FULL || file.length != width * Digest.LENGTH) {
      throw new MalformedTreeException(
          "tile of width " + width, file.length + " bytes", Integer.toString(32 * width));
    }
    List<Digest> hashes = new ArrayList<>(width);
    for (int at = 0; at < file.length; at += Digest.LENGTH) {
      hashes.add(Digest.of(Arrays.copyOfRange(file, at, at + Digest.LENGTH)));
    }
    return new Tile(hashes);
  }

  /** The file. */
  public Bytes encode() {
    byte[] file = new byte[hashes.size() * Digest.LENGTH];
    for (int i = 0; i < hashes.size(); i++) {
      byte[] hash = hashes.get(i).unsafeArray();
      System.arraycopy(hash, 0, file, i * Digest.LENGTH, Digest.LENGTH);
    }
    return Bytes.wrap(file);
  }

  /** Number of hashes. */
  public int width() {
    return hashes.size();
  }

  /**
   * The hash of the subtree over {@code 1 << height} of the tile's hashes, the index-th such.
   *
   * @param height 0 (a hash itself) to 8 (over a full tile)
   * @throws MalformedTreeException when the tile doesn't hold all of them
   */
  public Digest hash(int height, int index) {
    long end = (index + 1L) << height;
    if (height < 0 || height > HEIGHT || index < 0 || end > hashes.size()) {
      throw new MalformedTreeException(
          "subtree in a tile of width " + hashes.size(),
          "height " + height + " index " + index,
          "one within the tile");
    }
    int start = index << height;
    return height == 0 ? hashes.get(start) : Rfc6962.root(hashes.subList(start, (int) end));
  }
}

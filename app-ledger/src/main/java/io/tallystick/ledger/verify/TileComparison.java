package io.tallystick.ledger.verify;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.SubtreeSink;
import io.tallystick.crypto.merkle.TilePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Compares the tiles of an export with the hashes that follow from its entries, as they come. */
final class TileComparison implements SubtreeSink {
  private final ExportFolder folder;
  private final List<Row> rows = new ArrayList<>();
  private final List<Full> full = new ArrayList<>();

  TileComparison(ExportFolder folder) {
    this.folder = folder;
  }

  @Override
  public void completed(int level, long index, Digest hash) {
    if (level % 8 != 0) {
      return;
    }
    while (rows.size() <= level / 8) {
      rows.add(new Row());
    }
    Row row = rows.get(level / 8);
    System.arraycopy(hash.unsafeArray(), 0, row.hashes, row.width * Digest.LENGTH, Digest.LENGTH);
    row.width++;
    if (row.width == TilePath.FULL) {
      full.add(new Full(TilePath.hashes(level / 8, row.tile, row.width), Bytes.wrap(row.hashes)));
      row.hashes = new byte[TilePath.FULL * Digest.LENGTH];
      row.width = 0;
      row.tile++;
    }
  }

  /** Compares the tiles that became full since the last call. */
  void compareFull() throws IOException, BrokenExportException {
    for (Full tile : full) {
      compare(tile.path, tile.hashes.unsafeArray());
    }
    full.clear();
  }

  /** Compares the tiles that the tree ends in. */
  void comparePartial() throws IOException, BrokenExportException {
    for (int level = 0; level < rows.size(); level++) {
      Row row = rows.get(level);
      if (row.width > 0) {
        compare(
            TilePath.hashes(level, row.tile, row.width),
            Arrays.copyOf(row.hashes, row.width * Digest.LENGTH));
      }
    }
  }

  private void compare(TilePath path, byte[] expected) throws IOException, BrokenExportException {
    byte[] found = folder.read(path.toString(), expected.length).unsafeArray();
    if (found.length != expected.length) {
      throw BrokenExportException.at(
          path.toString(), found.length + " bytes (expected: " + expected.length + ")");
    }
    int at = Arrays.mismatch(found, expected);
    if (at >= 0) {
      int hash = at / Digest.LENGTH;
      String what =
          "hash "
              + hash
              + " at byte "
              + at
              + " isn't that of the entries below it (expected: "
              + Bytes.copyOf(expected).slice(hash * Digest.LENGTH, (hash + 1) * Digest.LENGTH)
              + ")";
      throw path.level() == 0
          ? BrokenExportException.at(path.toString(), path.index() * TilePath.FULL + hash, what)
          : BrokenExportException.at(path.toString(), what);
    }
  }

  private record Full(TilePath path, Bytes hashes) {}

  private static final class Row {
    private byte[] hashes = new byte[TilePath.FULL * Digest.LENGTH];
    private long tile;
    private int width;
  }
}

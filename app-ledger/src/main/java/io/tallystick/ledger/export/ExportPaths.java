package io.tallystick.ledger.export;

import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.TilePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The names of an export's files, with slashes, relative to its directory. */
public final class ExportPaths {
  /** The newest head, signed. */
  public static final String CHECKPOINT = "checkpoint";

  /** The policy of the newest epoch. */
  public static final String POLICY = "policy";

  /** The payload of entry 0. */
  public static final String GENESIS = "genesis.json";

  /** The policy of epoch 0. */
  public static final String FIRST_POLICY = "epochs/0.policy";

  /** What this is, for people. */
  public static final String README = "README.txt";

  private ExportPaths() {}

  /** The tile, entry bundle or payloads file at this path, if it is one's. */
  public static Optional<TilePath> tile(String path) {
    if (!path.startsWith("tile/") && !path.startsWith("payloads/")) {
      return Optional.empty();
    }
    try {
      return Optional.of(TilePath.parse(path));
    } catch (MalformedTreeException e) {
      // Not a name that any tile has
      return Optional.empty();
    }
  }

  /** Whether the export of {@code size} entries has a file at this path. */
  public static boolean belongs(String path, long size) {
    return switch (path) {
      case CHECKPOINT, POLICY, GENESIS, FIRST_POLICY, README -> true;
      default ->
          tile(path)
              .filter(t -> t.width() == TilePath.width(t.level(), t.index(), size))
              .isPresent();
    };
  }

  /** All tiles, entry bundles and payloads of {@code size} entries, bundles next to payloads. */
  static List<TilePath> tiles(long size) {
    List<TilePath> paths = new ArrayList<>();
    for (TilePath entries : TilePath.all(TilePath.Kind.ENTRIES, size)) {
      paths.add(entries);
      paths.add(TilePath.payloads(entries.index(), entries.width()));
    }
    paths.addAll(TilePath.all(TilePath.Kind.HASHES, size));
    return paths;
  }
}

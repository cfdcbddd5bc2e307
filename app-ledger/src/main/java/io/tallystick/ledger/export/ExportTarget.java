package io.tallystick.ledger.export;

import static java.util.Objects.requireNonNull;

import io.tallystick.config.Genesis;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.merkle.EntryBundle;
import io.tallystick.crypto.merkle.MalformedTreeException;
import io.tallystick.crypto.merkle.TilePath;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The directory that an export is written to. */
final class ExportTarget {
  /** Files that are being written; gone when an export is complete. */
  private static final String UNFINISHED = ".unfinished";

  private static final byte[] WITHHELD = "\"withheld\":true}".getBytes(StandardCharsets.US_ASCII);

  private final Path root;
  private final Path unfinished;

  private ExportTarget(Path root) {
    this.root = root;
    this.unfinished = root.resolve(UNFINISHED);
  }

  /**
   * Takes a directory that is empty, not there yet, or holds an older or unfinished export of the
   * same ledger.
   */
  static ExportTarget open(Path root, Genesis genesis, long size) throws IOException {
    if (Files.exists(root, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(root)) {
      throw new ExportRefusedException(root + ": a file (expected: a directory, or nothing)");
    }
    Files.createDirectories(root);
    ExportTarget target = new ExportTarget(root);
    List<String> names = target.names();
    boolean ours = names.isEmpty();
    Path file = root.resolve(ExportPaths.GENESIS);
    if (!ours && Files.isRegularFile(file) && Files.size(file) == genesis.bytes().size()) {
      ours = Bytes.wrap(Files.readAllBytes(file)).equals(genesis.bytes());
    }
    if (!ours) {
      throw new ExportRefusedException(
          root + ": not empty (expected: nothing, or an export of the same ledger)");
    }
    for (String name : names) {
      boolean older = ExportPaths.tile(name).filter(t -> isOlder(t, size)).isPresent();
      if (!older && !ExportPaths.belongs(name, size)) {
        throw new ExportRefusedException(
            root.resolve(name) + ": belongs to no export of " + size + " entries or fewer");
      }
    }
    return target;
  }

  /** Whether an export of fewer entries may have left it. */
  private static boolean isOlder(TilePath tile, long size) {
    return tile.width() <= TilePath.width(tile.level(), tile.index(), size);
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && !file.startsWith(unfinished)) {
          names.add(root.relativize(file).toString().replace('\\', '/'));
        }
      }
    }
    return names;
  }

  /** Whether a full file is there already, as far as can be seen without its neighbours. */
  boolean has(TilePath tile) throws IOException {
    return tile.isFull() && isWhole(tile, root.resolve(tile.toString()));
  }

  /** Writes a file under another name, and renames it. */
  void write(String name, long bytesMax, ExportSource source) throws IOException {
    Path part = unfinished.resolve(name.replace('/', '_'));
    Files.createDirectories(unfinished);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
      source.fetch(name, bytesMax, out);
    }
    var tile = ExportPaths.tile(name);
    if (tile.isPresent() && !isWhole(tile.get(), part)) {
      throw new IOException(
          name + ": not the " + tile.get().width() + " whole entries or hashes that it should be");
    }
    Path file = root.resolve(name);
    Files.createDirectories(requireNonNull(file.getParent()));
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean isWhole(TilePath tile, Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    return switch (tile.kind()) {
      case HASHES -> Files.size(file) == (long) tile.width() * Digest.LENGTH;
      case ENTRIES -> isBundle(file, tile.width());
      case PAYLOADS -> rows(file) == tile.width();
    };
  }

  private static boolean isBundle(Path file, int width) throws IOException {
    if (Files.size(file) > Exporter.ENTRIES_BYTES_MAX) {
      return false;
    }
    try {
      return EntryBundle.decode(Files.readAllBytes(file), width).entries().size() == width;
    } catch (MalformedTreeException e) {
      // Not whole, which is all that was asked
      return false;
    }
  }

  /** How many lines; −1 when the last doesn't end. */
  private static int rows(Path file) throws IOException {
    int rows = 0;
    int last = '\n';
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        rows += b == '\n' ? 1 : 0;
        last = b;
      }
    }
    return last == '\n' ? rows : -1;
  }

  /** Whether a payloads file leaves something out that another reader may see. */
  boolean withholds(TilePath payloads) throws IOException {
    Path file = root.resolve(payloads.toString());
    int matched = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int b = in.read(); b >= 0 && matched < WITHHELD.length; b = in.read()) {
        matched = b == WITHHELD[matched] ? matched + 1 : b == WITHHELD[0] ? 1 : 0;
      }
    }
    return matched == WITHHELD.length;
  }

  /** Removes what only older exports have, and traces of unfinished ones. */
  void tidy(long size) throws IOException {
    for (String name : names()) {
      if (!ExportPaths.belongs(name, size)) {
        Path file = root.resolve(name);
        Files.delete(file);
        deleteIfEmpty(requireNonNull(file.getParent()));
      }
    }
    if (Files.isDirectory(unfinished)) {
      try (Stream<Path> parts = Files.list(unfinished)) {
        for (Path part : (Iterable<Path>) parts::iterator) {
          Files.delete(part);
        }
      }
      Files.delete(unfinished);
    }
  }

  private static void deleteIfEmpty(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      if (files.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(directory);
  }
}

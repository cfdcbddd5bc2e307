package io.tallystick.ledger.verify;

import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.export.ExportPaths;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** The files of an export: reads them within bounds, and says which don't belong. */
final class ExportFolder {
  private final Path root;

  ExportFolder(Path root) {
    this.root = root;
  }

  /** Reads a file that must be there, be a regular one, and be no longer than {@code bytesMax}. */
  Bytes read(String name, long bytesMax) throws IOException, BrokenExportException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw BrokenExportException.at(name, "is missing (expected: a file)");
    }
    long size = Files.size(file);
    if (size > bytesMax) {
      throw BrokenExportException.at(name, size + " bytes (expected: at most " + bytesMax + ")");
    }
    return Bytes.wrap(Files.readAllBytes(file));
  }

  /** Refuses whatever an export of {@code size} entries doesn't have. */
  void refuseOthers(long size) throws IOException, BrokenExportException {
    Stranger stranger = new Stranger(size);
    Files.walkFileTree(root, stranger);
    if (stranger.found != null) {
      throw BrokenExportException.at(
          stranger.found,
          "doesn't belong to an export of " + size + " entries (expected: no such file)");
    }
  }

  /** Looks for the first file, in no particular order, that doesn't belong. */
  private final class Stranger extends SimpleFileVisitor<Path> {
    private final long size;
    private @Nullable String found;

    Stranger(long size) {
      this.size = size;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      String name = root.relativize(file).toString().replace('\\', '/');
      if (attributes.isRegularFile() && ExportPaths.belongs(name, size)) {
        return FileVisitResult.CONTINUE;
      }
      found = name;
      return FileVisitResult.TERMINATE;
    }
  }
}

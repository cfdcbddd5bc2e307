package io.tallystick.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which files an export of a ledger in its first epoch has, worked out from its size alone. */
final class ExportLayout {
  private static final int TILE = 256;

  private ExportLayout() {}

  /** Relative paths of all files of an export of so many entries, sorted. */
  static SortedSet<String> files(long size) {
    SortedSet<String> files = new TreeSet<>();
    files.add("checkpoint");
    files.add("policy");
    files.add("genesis.json");
    files.add("epochs/0.policy");
    files.add("README.txt");
    slices(files, "tile/entries", size);
    slices(files, "payloads", size);
    long hashes = size;
    for (int level = 0; hashes > 0; level++) {
      slices(files, "tile/" + level, hashes);
      hashes /= TILE;
    }
    return files;
  }

  /** Relative paths of all files that are in a directory, sorted. */
  static SortedSet<String> found(Path export) throws IOException {
    try (Stream<Path> all = Files.walk(export)) {
      return all.filter(Files::isRegularFile)
          .map(path -> export.relativize(path).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void slices(SortedSet<String> files, String directory, long count) {
    for (long n = 0; n < count / TILE; n++) {
      files.add(directory + "/" + number(n));
    }
    if (count % TILE != 0) {
      files.add(directory + "/" + number(count / TILE) + ".p/" + count % TILE);
    }
  }

  /** C2SP: groups of three digits, all but the last with an x. */
  private static String number(long n) {
    String last = String.format("%03d", n % 1_000);
    StringBuilder path = new StringBuilder(last);
    for (long rest = n / 1_000; rest > 0; rest /= 1_000) {
      path.insert(0, String.format("x%03d/", rest % 1_000));
    }
    return path.toString();
  }
}

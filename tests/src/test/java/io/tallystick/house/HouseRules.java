package io.tallystick.house;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The house rules that a source or the set of them can break; each answers what breaks it. */
final class HouseRules {
  static final int FILE_LINES_MAX = 500;
  static final int COLUMNS_MAX = 100;
  static final int README_LINES_MAX = 120;
  static final long COMMITTED_BYTES_MAX = 1_000_000;

  private static final Set<String> TOP_LEVEL =
      Set.of(
          "pom.xml",
          "crypto",
          "bft-core",
          "network",
          "config",
          "app-ledger",
          "tests",
          "README.md",
          "docs",
          "LICENSE",
          "tally");

  // Put together here, so that this file doesn't break the rule itself.
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|\\bfor" + " now\\b");

  private HouseRules() {}

  /** All rules on a single source. */
  static List<String> violations(SourceFile source) throws IOException {
    List<String> found = new ArrayList<>();
    List<String> lines = source.lines();
    if (lines.size() > FILE_LINES_MAX) {
      found.add(source.path() + ": " + lines.size() + " lines (expected: <= 500)");
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      int columns = line.codePointCount(0, line.length());
      if (columns > COLUMNS_MAX && !mayBeLong(line)) {
        found.add(at(source, i) + columns + " columns (expected: <= 100)");
      }
      if (UNFINISHED.matcher(line).find()) {
        found.add(at(source, i) + "says that something is unfinished: " + line.strip());
      }
    }
    found.addAll(SourceScan.violations(source));
    return found;
  }

  private static String at(SourceFile source, int index) {
    return source.path() + ":" + (index + 1) + ": ";
  }

  /** Imports and addresses can't be broken. */
  private static boolean mayBeLong(String line) {
    return line.startsWith("import ") || line.contains("://");
  }

  /** Every package says what it is for, and is null-marked; a test's may share its main one's. */
  static List<String> packagesWithoutInfo(List<SourceFile> sources) throws IOException {
    Set<String> described = new HashSet<>();
    Set<String> packages = new HashSet<>();
    for (SourceFile source : sources) {
      packages.add(source.directory());
      if (source.name().equals("package-info.java") && SourceScan.isNullMarkedPackage(source)) {
        described.add(source.directory());
      }
    }
    return packages.stream()
        .filter(directory -> !described.contains(directory))
        .filter(directory -> !described.contains(directory.replace("src/test/", "src/main/")))
        .sorted()
        .map(directory -> directory + ": no package-info.java with Javadoc and @NullMarked")
        .toList();
  }

  /** Of all committed paths, those whose top level has no place in design 2. */
  static List<String> strangersAtTheTop(List<String> paths) {
    return paths.stream()
        .map(path -> path.contains("/") ? path.substring(0, path.indexOf('/')) : path)
        .distinct()
        .filter(top -> !top.startsWith(".") && !TOP_LEVEL.contains(top))
        .toList();
  }
}

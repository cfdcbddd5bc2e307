package io.tallystick.crypto.merkle;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * Names one file of a ledger's store, of its HTTP interface and of its export, as C2SP tlog-tiles
 * writes it: a tile of hashes {@code tile/L/N[.p/W]}, an entry bundle {@code tile/entries/N[.p/W]},
 * or (ours) the payloads beside an entry bundle {@code payloads/N[.p/W]}. Every path has one
 * spelling, and no other is accepted.
 *
 * @param kind what is in the file
 * @param level of a tile of hashes, whose hashes are of subtrees of {@code 256^level} leaves; else
 *     0
 * @param index which of the files of that level
 * @param width how many hashes or entries: 256 in a full file, 1 to 255 in a partial one
 */
public record TilePath(Kind kind, int level, long index, int width) {
  /** Hashes in a full tile, and entries in a full entry bundle. */
  public static final int FULL = 256;

  /** Levels go from 0 to this. */
  public static final int LEVEL_MAX = 63;

  /** Indexes are smaller than this: six groups of three digits. */
  public static final long INDEX_END = 1_000_000_000_000_000_000L;

  private static final int TEXT_MAX = 64;

  /** What is in a file. */
  public enum Kind {
    /** The hashes of complete subtrees. */
    HASHES,
    /** The entries themselves: leaves' contents. */
    ENTRIES,
    /** The payloads of an entry bundle's entries. */
    PAYLOADS
  }

  /**
   * Checks the ranges.
   *
   * @throws MalformedTreeException when one is out of range
   */
  public TilePath {
    requireNonNull(kind, "kind");
    int levelMax = kind == Kind.HASHES ? LEVEL_MAX : 0;
    if (level < 0 || level > levelMax) {
      throw new MalformedTreeException("tile level", level, "0 to " + levelMax);
    }
    if (index < 0 || index >= INDEX_END) {
      throw new MalformedTreeException("tile index", index, "0 to " + (INDEX_END - 1));
    }
    if (width < 1 || width > FULL) {
      throw new MalformedTreeException("tile width", width, "1 to 256");
    }
  }

  /** A tile of hashes. */
  public static TilePath hashes(int level, long index, int width) {
    return new TilePath(Kind.HASHES, level, index, width);
  }

  /** An entry bundle. */
  public static TilePath entries(long index, int width) {
    return new TilePath(Kind.ENTRIES, 0, index, width);
  }

  /** The payloads beside an entry bundle. */
  public static TilePath payloads(long index, int width) {
    return new TilePath(Kind.PAYLOADS, 0, index, width);
  }

  /** How many hashes the tree of {@code size} leaves has in this tile: 0 to 256. */
  public static int width(int level, long index, long size) {
    long hashes = 8 * level > 62 ? 0 : size >>> 8 * level;
    if (index > hashes / FULL) {
      return 0;
    }
    return (int) Math.min(hashes - index * FULL, FULL);
  }

  /** All files of this kind that the tree of {@code size} leaves has, in ascending order. */
  public static List<TilePath> all(Kind kind, long size) {
    List<TilePath> paths = new ArrayList<>();
    int levels = kind == Kind.HASHES ? 8 : 1;
    for (int level = 0; level < levels; level++) {
      for (long index = 0; width(level, index, size) > 0; index++) {
        paths.add(new TilePath(kind, level, index, width(level, index, size)));
      }
    }
    return paths;
  }

  /** The same file when it is full. */
  public TilePath full() {
    return new TilePath(kind, level, index, FULL);
  }

  /** Whether nothing more can come into this file. */
  public boolean isFull() {
    return width == FULL;
  }

  /**
   * Parses a path without leading slash.
   *
   * @throws MalformedTreeException when it isn't exactly what {@link #toString()} writes
   */
  public static TilePath parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw malformed(text.substring(0, TEXT_MAX) + "…");
    }
    if (text.startsWith("payloads/")) {
      return parse(text, Kind.PAYLOADS, 0, text.substring("payloads/".length()));
    }
    if (text.startsWith("tile/entries/")) {
      return parse(text, Kind.ENTRIES, 0, text.substring("tile/entries/".length()));
    }
    int slash = text.indexOf('/', "tile/".length());
    if (!text.startsWith("tile/") || slash < 0) {
      throw malformed(text);
    }
    long level = decimal(text, text.substring("tile/".length(), slash), LEVEL_MAX);
    return parse(text, Kind.HASHES, (int) level, text.substring(slash + 1));
  }

  private static TilePath parse(String text, Kind kind, int level, String rest) {
    int partial = rest.indexOf(".p/");
    int width = FULL;
    String groups = rest;
    if (partial >= 0) {
      groups = rest.substring(0, partial);
      width = (int) decimal(text, rest.substring(partial + 3), FULL - 1);
    }
    if (width == 0) {
      throw malformed(text);
    }
    long index = 0;
    int at = 0;
    // Groups of "x" and three digits and a slash, then three digits
    while (at + 5 <= groups.length() && groups.charAt(at) == 'x' && groups.charAt(at + 4) == '/') {
      index = index * 1000 + group(text, groups, at + 1);
      at += 5;
      if (index == 0 || index >= INDEX_END / 1000) {
        throw malformed(text);
      }
    }
    if (groups.length() != at + 3) {
      throw malformed(text);
    }
    return new TilePath(kind, level, index * 1000 + group(text, groups, at), width);
  }

  private static int group(String text, String groups, int at) {
    int value = 0;
    for (int i = at; i < at + 3; i++) {
      char digit = groups.charAt(i);
      if (digit < '0' || digit > '9') {
        throw malformed(text);
      }
      value = value * 10 + digit - '0';
    }
    return value;
  }

  private static long decimal(String text, String digits, int max) {
    boolean shaped = !digits.isEmpty() && digits.length() <= 3;
    int value = 0;
    for (int i = 0; shaped && i < digits.length(); i++) {
      char digit = digits.charAt(i);
      shaped = digit >= '0' && digit <= '9' && (i > 0 || digit != '0' || digits.length() == 1);
      value = value * 10 + digit - '0';
    }
    if (!shaped || value > max) {
      throw malformed(text);
    }
    return value;
  }

  private static MalformedTreeException malformed(String text) {
    return new MalformedTreeException(
        "tile path", text, "tile/L/N, tile/entries/N or payloads/N, each with .p/W if partial");
  }

  /** The path, without leading slash. */
  @Override
  public String toString() {
    StringBuilder path =
        new StringBuilder(
            switch (kind) {
              case HASHES -> "tile/" + level + "/";
              case ENTRIES -> "tile/entries/";
              case PAYLOADS -> "payloads/";
            });
    String digits = Long.toString(index);
    digits = "0".repeat((3 - digits.length() % 3) % 3) + digits;
    for (int i = 0; i < digits.length(); i += 3) {
      path.append(i + 3 < digits.length() ? "x" : "").append(digits, i, i + 3);
      path.append(i + 3 < digits.length() ? "/" : "");
    }
    return isFull() ? path.toString() : path.append(".p/").append(width).toString();
  }
}

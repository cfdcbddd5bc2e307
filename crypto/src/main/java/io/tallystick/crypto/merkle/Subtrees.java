package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;

/** Roots of parts of a tree, put together from complete subtrees. */
public final class Subtrees {
  private Subtrees() {}

  /**
   * The RFC 6962 root of the leaves {@code lo} (inclusive) to {@code hi} (exclusive), where {@code
   * lo} is a multiple of the smallest power of two that is at least {@code hi - lo}. Every part
   * that RFC 6962's recursion visits is of this form.
   *
   * @throws MalformedTreeException when the range isn't such a part
   */
  public static Digest root(HashSource source, long lo, long hi) {
    if (lo == hi) {
      return Rfc6962.EMPTY_ROOT;
    }
    if (lo < 0 || hi < lo || (lo & ceiling(hi - lo) - 1) != 0) {
      throw new MalformedTreeException(
          "subtree", "[" + lo + ", " + hi + ")", "a range aligned to its size");
    }
    return aligned(source, lo, hi);
  }

  static Digest aligned(HashSource source, long lo, long hi) {
    long size = hi - lo;
    if (Long.bitCount(size) == 1) {
      int level = Long.numberOfTrailingZeros(size);
      return source.hash(level, lo >>> level);
    }
    long middle = lo + split(size);
    return Rfc6962.nodeHash(aligned(source, lo, middle), aligned(source, middle, hi));
  }

  /** The largest power of two that is smaller than {@code size}, which is at least 2. */
  static long split(long size) {
    return Long.highestOneBit(size - 1);
  }

  private static long ceiling(long size) {
    return size == 1 ? 1 : Long.highestOneBit(size - 1) << 1;
  }
}

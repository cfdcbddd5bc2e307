package io.tallystick.crypto.merkle;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * The right edge of a growing tree: its size and the hashes of the complete subtrees that its size
 * is the sum of, the largest first. That is all it takes to append and to tell the root, so that a
 * tree can be taken up again without its leaves. Memory: at most 63 hashes. For one thread.
 */
public final class CompactRange {
  private final List<Digest> hashes;
  private long size;

  /** The tree without leaves. */
  public CompactRange() {
    this.hashes = new ArrayList<>();
  }

  private CompactRange(long size, List<Digest> hashes) {
    this.size = size;
    this.hashes = new ArrayList<>(hashes);
  }

  /**
   * Takes up a tree again.
   *
   * @param size number of leaves
   * @param hashes as {@link #hashes()} gave them: one for each bit set in {@code size}
   * @throws MalformedTreeException when there are more or fewer hashes than that
   */
  public static CompactRange of(long size, List<Digest> hashes) {
    if (size < 0) {
      throw new MalformedTreeException("tree size", size, ">= 0");
    }
    if (hashes.size() != Long.bitCount(size)) {
      throw new MalformedTreeException(
          "compact range of size " + size,
          hashes.size() + " hashes",
          Integer.toString(Long.bitCount(size)));
    }
    return new CompactRange(size, hashes);
  }

  /** The edge of the first {@code size} leaves of the tree in {@code source}. */
  public static CompactRange of(long size, HashSource source) {
    List<Digest> hashes = new ArrayList<>();
    long start = 0;
    for (int level = 62; level >= 0; level--) {
      if ((size >>> level & 1) != 0) {
        hashes.add(source.hash(level, start >>> level));
        start += 1L << level;
      }
    }
    return of(size, hashes);
  }

  /** Adds a leaf on the right; one hash on average. */
  public void append(Digest leafHash) {
    append(leafHash, SubtreeSink.NONE);
  }

  /** Adds a leaf on the right, and tells {@code sink} each subtree that it completes. */
  public void append(Digest leafHash, SubtreeSink sink) {
    appendSubtree(0, leafHash, sink);
  }

  /**
   * Adds a complete subtree of {@code 1 << level} leaves on the right, and tells {@code sink} it
   * and each one that it completes.
   *
   * @throws MalformedTreeException when the size isn't a multiple of {@code 1 << level}
   */
  public void appendSubtree(int level, Digest hash, SubtreeSink sink) {
    if (level < 0 || level > 62 || Long.numberOfTrailingZeros(size) < level) {
      throw new MalformedTreeException(
          "subtree at size " + size, "level " + level, "a level that the size is a multiple of");
    }
    if (size > Long.MAX_VALUE - (1L << level)) {
      throw new MalformedTreeException("tree size", size, "room below 2^63");
    }
    long index = size >>> level;
    int reached = level;
    Digest merged = requireNonNull(hash, "hash");
    sink.completed(reached, index, merged);
    while ((index & 1) != 0) {
      merged = Rfc6962.nodeHash(hashes.removeLast(), merged);
      index >>>= 1;
      reached++;
      sink.completed(reached, index, merged);
    }
    hashes.add(merged);
    size += 1L << level;
  }

  /** Number of leaves. */
  public long size() {
    return size;
  }

  /** The RFC 6962 root. */
  public Digest root() {
    if (hashes.isEmpty()) {
      return Rfc6962.EMPTY_ROOT;
    }
    Digest root = hashes.getLast();
    for (int i = hashes.size() - 2; i >= 0; i--) {
      root = Rfc6962.nodeHash(hashes.get(i), root);
    }
    return root;
  }

  /** The complete subtrees' hashes, the largest first: with the size, all there is to store. */
  public List<Digest> hashes() {
    return List.copyOf(hashes);
  }

  /** An independent copy. */
  public CompactRange copy() {
    return new CompactRange(size, hashes);
  }
}

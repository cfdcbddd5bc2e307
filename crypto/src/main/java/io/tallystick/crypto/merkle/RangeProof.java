package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * That the leaves {@code lo} (inclusive) to {@code hi} (exclusive) are those of the tree of {@code
 * size} leaves: the hashes of the largest parts of the tree outside the range, left to right. From
 * it and the leaf hashes follows each leaf's own inclusion proof, so one proof answers a whole
 * bundle. Range, size and number of hashes always fit together.
 */
public record RangeProof(long lo, long hi, long size, List<Digest> hashes) {
  /**
   * Checks range, size and length.
   *
   * @throws MalformedTreeException when they don't fit together
   */
  public RangeProof {
    hashes = List.copyOf(hashes);
    int length = length(lo, hi, size);
    if (hashes.size() != length) {
      throw new MalformedTreeException(
          "range proof of [" + lo + ", " + hi + ") in " + size,
          hashes.size() + " hashes",
          Integer.toString(length));
    }
  }

  /**
   * The one number of hashes that a proof of this range has: at most two for each level.
   *
   * @throws MalformedTreeException when the range is empty or not within the tree
   */
  public static int length(long lo, long hi, long size) {
    if (lo < 0 || hi <= lo || hi > size) {
      throw new MalformedTreeException(
          "leaf range", "[" + lo + ", " + hi + ")", "not empty, within [0, " + size + ")");
    }
    return count(lo, hi, 0, size);
  }

  private static int count(long lo, long hi, long from, long to) {
    if (to <= lo || from >= hi) {
      return 1;
    }
    if (lo <= from && to <= hi) {
      return 0;
    }
    long middle = from + Subtrees.split(to - from);
    return count(lo, hi, from, middle) + count(lo, hi, middle, to);
  }

  /**
   * Builds the proof.
   *
   * @throws MalformedTreeException when the range is empty or not within the tree
   */
  public static RangeProof build(HashSource source, long lo, long hi, long size) {
    List<Digest> hashes = new ArrayList<>(length(lo, hi, size));
    new Builder(source, lo, hi, hashes).visit(0, size);
    return new RangeProof(lo, hi, size, hashes);
  }

  private record Builder(HashSource source, long lo, long hi, List<Digest> hashes) {
    void visit(long from, long to) {
      if (to <= lo || from >= hi) {
        hashes.add(Subtrees.aligned(source, from, to));
      } else if (from < lo || to > hi) {
        long middle = from + Subtrees.split(to - from);
        visit(from, middle);
        visit(middle, to);
      }
    }
  }

  /** Whether the leaves with these hashes are that range of the tree with this root. */
  public boolean verify(List<Digest> leafHashes, Digest root) {
    return leafHashes.size() == hi - lo && open(leafHashes).root().equals(root);
  }

  /**
   * Puts proof and leaf hashes together. The caller must compare {@link OpenRange#root()} with a
   * root that it trusts before it uses the single proofs.
   *
   * @throws MalformedTreeException when there aren't {@code hi - lo} leaf hashes
   */
  public OpenRange open(List<Digest> leafHashes) {
    if (leafHashes.size() != hi - lo) {
      throw new MalformedTreeException(
          "leaf hashes of [" + lo + ", " + hi + ")", leafHashes.size(), Long.toString(hi - lo));
    }
    return new OpenRange(this, new Opener(this, hashes.iterator(), leafHashes).visit(0, size));
  }

  private record Opener(RangeProof proof, Iterator<Digest> outside, List<Digest> leafHashes) {
    OpenRange.Part visit(long from, long to) {
      if (to <= proof.lo || from >= proof.hi) {
        return new OpenRange.Closed(outside.next());
      }
      if (to - from == 1) {
        return new OpenRange.Closed(leafHashes.get((int) (from - proof.lo)));
      }
      long middle = from + Subtrees.split(to - from);
      OpenRange.Part left = visit(from, middle);
      OpenRange.Part right = visit(middle, to);
      return new OpenRange.Node(Rfc6962.nodeHash(left.hash(), right.hash()), left, right);
    }
  }
}

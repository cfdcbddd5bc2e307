package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * That a leaf is at {@code index} of the tree of {@code size} leaves (RFC 6962 section 2.1.1): the
 * leaf's sibling first, the root's child last. Index, size and number of hashes always fit
 * together; whether the hashes are right, {@link #verify} tells.
 */
public record InclusionProof(long index, long size, List<Digest> path) {
  /**
   * Checks index, size and length.
   *
   * @throws MalformedTreeException when they don't fit together
   */
  public InclusionProof {
    path = List.copyOf(path);
    int length = pathLength(index, size);
    if (path.size() != length) {
      throw new MalformedTreeException(
          "inclusion proof of " + index + " in " + size,
          path.size() + " hashes",
          Integer.toString(length));
    }
  }

  /**
   * The one number of hashes that a proof of {@code index} in {@code size} has.
   *
   * @throws MalformedTreeException when there is no such leaf
   */
  public static int pathLength(long index, long size) {
    if (index < 0 || index >= size) {
      throw new MalformedTreeException(
          "leaf index", index, size <= 0 ? "a tree with leaves" : "0 to " + (size - 1));
    }
    int inner = 64 - Long.numberOfLeadingZeros(index ^ (size - 1));
    return inner + Long.bitCount(index >>> inner);
  }

  /**
   * Builds the proof.
   *
   * @throws MalformedTreeException when there is no such leaf
   */
  public static InclusionProof build(HashSource source, long index, long size) {
    List<Digest> path = new ArrayList<>(pathLength(index, size));
    long lo = 0;
    long hi = size;
    while (hi - lo > 1) {
      long middle = lo + Subtrees.split(hi - lo);
      if (index < middle) {
        path.add(Subtrees.aligned(source, middle, hi));
        hi = middle;
      } else {
        path.add(Subtrees.aligned(source, lo, middle));
        lo = middle;
      }
    }
    Collections.reverse(path);
    return new InclusionProof(index, size, path);
  }

  /** Whether the leaf with this hash is in the tree with this root. */
  public boolean verify(Digest leafHash, Digest root) {
    return verify(index, size, leafHash, path, root);
  }

  /** The root that the tree must have if the leaf with this hash is in it. */
  public Digest root(Digest leafHash) {
    return fold(index, size, leafHash, path).orElseThrow();
  }

  /** RFC 9162 section 2.1.3.2, literally; false on any input that proves nothing. */
  public static boolean verify(
      long index, long size, Digest leafHash, List<Digest> path, Digest root) {
    return fold(index, size, leafHash, path).filter(root::equals).isPresent();
  }

  private static Optional<Digest> fold(long index, long size, Digest leafHash, List<Digest> path) {
    if (index < 0 || index >= size) {
      return Optional.empty();
    }
    long fn = index;
    long sn = size - 1;
    Digest r = leafHash;
    for (Digest p : path) {
      if (sn == 0) {
        return Optional.empty();
      }
      if ((fn & 1) != 0 || fn == sn) {
        r = Rfc6962.nodeHash(p, r);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        r = Rfc6962.nodeHash(r, p);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 ? Optional.of(r) : Optional.empty();
  }
}

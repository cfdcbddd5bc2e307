package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * That the tree of {@code from} leaves is a prefix of the tree of {@code to} leaves (RFC 6962
 * section 2.1.2). Sizes are in order and the path is no longer than any can be; whether it proves
 * anything, {@link #verify} tells.
 */
public record ConsistencyProof(long from, long to, List<Digest> path) {
  /** No path is longer: one hash for each level of the larger tree, and one more. */
  public static final int PATH_MAX = 64;

  /**
   * Checks sizes and length.
   *
   * @throws MalformedTreeException when they can't be those of any proof
   */
  public ConsistencyProof {
    path = List.copyOf(path);
    if (from < 0 || to < from) {
      throw new MalformedTreeException(
          "consistency proof", from + " to " + to, "sizes from 0 on, in order");
    }
    if (path.size() > PATH_MAX || ((from == 0 || from == to) && !path.isEmpty())) {
      throw new MalformedTreeException(
          "consistency proof of " + from + " to " + to,
          path.size() + " hashes",
          from == 0 || from == to ? "none" : "at most " + PATH_MAX);
    }
  }

  /**
   * Builds the proof; it is empty when the sizes are equal, or {@code from} is 0.
   *
   * @throws MalformedTreeException when the sizes are negative or out of order
   */
  public static ConsistencyProof build(HashSource source, long from, long to) {
    List<Digest> path = new ArrayList<>();
    if (0 < from && from < to) {
      collect(source, from, to, path);
    }
    return new ConsistencyProof(from, to, path);
  }

  private static void collect(HashSource source, long from, long to, List<Digest> path) {
    long lo = 0;
    long hi = to;
    // SUBPROOF(m, D[lo:hi], b) from the root downwards, hashes collected in reverse
    while (from != hi) {
      long middle = lo + Subtrees.split(hi - lo);
      if (from <= middle) {
        path.add(Subtrees.aligned(source, middle, hi));
        hi = middle;
      } else {
        path.add(Subtrees.aligned(source, lo, middle));
        lo = middle;
      }
    }
    if (lo != 0) {
      path.add(Subtrees.aligned(source, lo, hi));
    }
    Collections.reverse(path);
  }

  /** Whether the tree with root {@code fromRoot} is a prefix of the one with {@code toRoot}. */
  public boolean verify(Digest fromRoot, Digest toRoot) {
    if (from == to) {
      return fromRoot.equals(toRoot) && (to != 0 || toRoot.equals(Rfc6962.EMPTY_ROOT));
    }
    if (from == 0) {
      return fromRoot.equals(Rfc6962.EMPTY_ROOT);
    }
    return !path.isEmpty() && fold(fromRoot, toRoot);
  }

  /** RFC 9162 section 2.1.4.2, literally; false on any input that proves nothing. */
  public static boolean verify(
      long from, long to, Digest fromRoot, Digest toRoot, List<Digest> path) {
    boolean possible =
        from >= 0
            && to >= from
            && path.size() <= PATH_MAX
            && (path.isEmpty() || (from != 0 && from != to));
    return possible && new ConsistencyProof(from, to, path).verify(fromRoot, toRoot);
  }

  private boolean fold(Digest fromRoot, Digest toRoot) {
    boolean complete = Long.bitCount(from) == 1;
    long fn = from - 1;
    long sn = to - 1;
    while ((fn & 1) != 0) {
      fn >>>= 1;
      sn >>>= 1;
    }
    Digest fr = complete ? fromRoot : path.getFirst();
    Digest sr = fr;
    for (Digest c : path.subList(complete ? 0 : 1, path.size())) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) != 0 || fn == sn) {
        fr = Rfc6962.nodeHash(c, fr);
        sr = Rfc6962.nodeHash(c, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>>= 1;
          sn >>>= 1;
        }
      } else {
        sr = Rfc6962.nodeHash(sr, c);
      }
      fn >>>= 1;
      sn >>>= 1;
    }
    return sn == 0 && fr.equals(fromRoot) && sr.equals(toRoot);
  }
}

package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A range proof and its leaf hashes, put together: the root that follows, and each leaf's inclusion
 * proof. Immutable; two hashes for each leaf of memory.
 */
public final class OpenRange {
  private final RangeProof proof;
  private final Part top;

  OpenRange(RangeProof proof, Part top) {
    this.proof = proof;
    this.top = top;
  }

  /** The root that the tree must have. */
  public Digest root() {
    return top.hash();
  }

  /**
   * The inclusion proof of one leaf of the range.
   *
   * @throws MalformedTreeException when {@code index} is outside the range
   */
  public InclusionProof proof(long index) {
    if (index < proof.lo() || index >= proof.hi()) {
      throw new MalformedTreeException("leaf index", index, proof.lo() + " to " + (proof.hi() - 1));
    }
    List<Digest> path = new ArrayList<>();
    long from = 0;
    long to = proof.size();
    Part part = top;
    while (part instanceof Node(Digest hash, Part left, Part right)) {
      long middle = from + Subtrees.split(to - from);
      if (index < middle) {
        path.add(right.hash());
        part = left;
        to = middle;
      } else {
        path.add(left.hash());
        part = right;
        from = middle;
      }
    }
    Collections.reverse(path);
    return new InclusionProof(index, proof.size(), path);
  }

  /** A part of the tree, of which at least the root is known. */
  sealed interface Part {
    Digest hash();
  }

  /** A leaf, or a part outside the range. */
  record Closed(Digest hash) implements Part {}

  /** A part that has leaves of the range in it. */
  record Node(Digest hash, Part left, Part right) implements Part {}
}

package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;

/**
 * Where proofs are built from: the hashes of a tree's complete subtrees, which never change while
 * the tree grows.
 */
@FunctionalInterface
public interface HashSource {
  /**
   * The root of the leaves {@code index << level} (inclusive) to {@code (index + 1) << level}
   * (exclusive). Level 0 is a leaf's hash. Asked only for subtrees that lie wholly in the tree.
   */
  Digest hash(int level, long index);
}

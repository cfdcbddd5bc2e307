package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;

/** Is told of each subtree as an append completes it, from the leaf upwards. */
@FunctionalInterface
public interface SubtreeSink {
  /** A sink that forgets. */
  SubtreeSink NONE = (level, index, hash) -> {};

  /** The subtree of {@code 1 << level} leaves with this index is complete; level 0 is the leaf. */
  void completed(int level, long index, Digest hash);
}

package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/**
 * A tree whose hashes are all in memory, for trees that are small or short-lived: a bundle's
 * requests, and tests. Memory: two hashes for each leaf. For one thread.
 */
public final class MerkleTree implements HashSource {
  private final CompactRange edge = new CompactRange();
  private final List<List<Digest>> levels = new ArrayList<>();

  /** The tree without leaves. */
  public MerkleTree() {}

  /** The tree with these leaf hashes. */
  public static MerkleTree of(List<Digest> leafHashes) {
    MerkleTree tree = new MerkleTree();
    leafHashes.forEach(tree::append);
    return tree;
  }

  /** Adds a leaf on the right. */
  public void append(Digest leafHash) {
    edge.append(
        leafHash,
        (level, index, hash) -> {
          if (level == levels.size()) {
            levels.add(new ArrayList<>());
          }
          levels.get(level).add(hash);
        });
  }

  /** Number of leaves. */
  public long size() {
    return edge.size();
  }

  /** The RFC 6962 root. */
  public Digest root() {
    return edge.root();
  }

  /** The root of the first {@code size} leaves. */
  public Digest root(long size) {
    if (size < 0 || size > size()) {
      throw new MalformedTreeException("tree size", size, "0 to " + size());
    }
    return Subtrees.root(this, 0, size);
  }

  @Override
  public Digest hash(int level, long index) {
    if (level < 0 || index < 0 || level >= levels.size() || index >= levels.get(level).size()) {
      throw new MalformedTreeException(
          "subtree", "level " + level + " index " + index, "one within " + size() + " leaves");
    }
    return levels.get(level).get((int) index);
  }
}

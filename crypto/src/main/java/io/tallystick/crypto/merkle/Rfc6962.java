package io.tallystick.crypto.merkle;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.List;

/** The hashes of an RFC 6962 tree (section 2.1): leaves and nodes are hashed under prefixes. */
public final class Rfc6962 {
  /** The root of the tree without leaves: SHA-256 of nothing. */
  public static final Digest EMPTY_ROOT = Digest.sha256(Bytes.EMPTY);

  private static final byte[] LEAF_PREFIX = {0};
  private static final byte[] NODE_PREFIX = {1};

  private Rfc6962() {}

  /** The hash of a leaf whose content is {@code content}. */
  public static Digest leafHash(byte[] content) {
    return Digest.sha256(LEAF_PREFIX, content);
  }

  /** The hash of a leaf whose content is {@code content}. */
  public static Digest leafHash(Bytes content) {
    return leafHash(content.unsafeArray());
  }

  /** The hash of the node over {@code left} and {@code right}. */
  public static Digest nodeHash(Digest left, Digest right) {
    return Digest.sha256(NODE_PREFIX, left.unsafeArray(), right.unsafeArray());
  }

  /** The root of the tree with these leaf hashes. */
  public static Digest root(List<Digest> leafHashes) {
    CompactRange range = new CompactRange();
    for (Digest leafHash : leafHashes) {
      range.append(leafHash);
    }
    return range.root();
  }
}

package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Digest;

/** What a replica signs with its identity key: each kind has a layout and a context of its own. */
public sealed interface Statement permits Vote, Checkpoint, ViewChange, NewView {
  /** Who states it; the layout doesn't name him, the key that verifies it does. */
  ReplicaId replica();

  /** The epoch it belongs to. */
  long epoch();

  /** The bytes that are signed, in the cluster whose genesis hash is {@code cluster}. */
  byte[] signedBytes(Digest cluster);
}

package io.tallystick.bft.message;

import io.tallystick.crypto.Digest;
import java.util.List;

/** A checkpoint with the agreeing signatures of a quorum of its epoch. */
public record StableCheckpoint(List<Signed<Checkpoint>> checkpoints) {
  /** Copies the list, which must not be empty. */
  public StableCheckpoint {
    checkpoints = List.copyOf(checkpoints);
    if (checkpoints.isEmpty()) {
      throw new IllegalArgumentException("checkpoints: none (expected: a quorum)");
    }
  }

  /** The sequence number after which it was taken. */
  public long seq() {
    return checkpoints.getFirst().statement().seq();
  }

  /** The epoch whose quorum signed. */
  public long epoch() {
    return checkpoints.getFirst().statement().epoch();
  }

  /** The ledger's tree head there. */
  public TreeHead head() {
    return checkpoints.getFirst().statement().head();
  }

  /** Digest of all other state there. */
  public Digest stateDigest() {
    return checkpoints.getFirst().statement().stateDigest();
  }
}

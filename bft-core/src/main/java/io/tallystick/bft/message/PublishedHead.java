package io.tallystick.bft.message;

import java.util.List;

/**
 * A tree head with the verified cosignatures of a quorum of one epoch, in ascending order of ids.
 *
 * @param cosignatures all on {@code head}; their times may differ
 */
public record PublishedHead(long epoch, TreeHead head, List<HeadCosignature> cosignatures) {
  /** Copies the list. */
  public PublishedHead {
    cosignatures = List.copyOf(cosignatures);
  }
}

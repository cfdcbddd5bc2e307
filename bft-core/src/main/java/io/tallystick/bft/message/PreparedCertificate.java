package io.tallystick.bft.message;

import java.util.List;

/**
 * Proof that a quorum of one view accepted a batch at a sequence number: the primary's pre-prepare
 * and matching prepares of q−1 other replicas.
 */
public record PreparedCertificate(
    long seq, Batch batch, Signed<Vote> prePrepare, List<Signed<Vote>> prepares) {
  /** Copies the list. */
  public PreparedCertificate {
    prepares = List.copyOf(prepares);
  }
}

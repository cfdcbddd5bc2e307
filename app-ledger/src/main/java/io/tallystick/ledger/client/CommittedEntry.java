package io.tallystick.ledger.client;

import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.InclusionProof;

/**
 * An entry of the ledger with its proof: all that a receipt is made of. Every part has been
 * verified: the cosignatures of a quorum, the log signature, the inclusion, and that the envelope
 * is of the request in question.
 *
 * @param envelope the leaf
 * @param salt of the commitment in it
 * @param proof of the leaf in the tree of {@code head}
 */
public record CommittedEntry(Bytes envelope, Bytes salt, InclusionProof proof, LoggedHead head) {

  /** Where the entry is. */
  public long index() {
    return proof.index();
  }
}

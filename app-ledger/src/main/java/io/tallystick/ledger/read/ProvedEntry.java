package io.tallystick.ledger.read;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.merkle.InclusionProof;
import io.tallystick.ledger.entry.Envelope;

/**
 * A request's entry, proved to be in a signed tree: all that a receipt is made of but the head.
 *
 * @param leaf the envelope's bytes
 * @param envelope what they say
 * @param salt under which the request's content gives the envelope's commitment: the request's own,
 *     or, when the request repeats an earlier one, that one's
 * @param proof of the leaf, in the tree of the head that it was checked against
 */
public record ProvedEntry(Bytes leaf, Envelope envelope, Bytes salt, InclusionProof proof) {}

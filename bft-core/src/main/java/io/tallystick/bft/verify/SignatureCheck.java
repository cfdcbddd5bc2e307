package io.tallystick.bft.verify;

import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;

/**
 * Whether a signature is that key's on those bytes. One for all checks of a verifier; within this
 * package, so that what verifies signatures can't be replaced from outside. Safe on any thread.
 */
@FunctionalInterface
interface SignatureCheck {
  /** Answers alike, whoever asks and whenever. */
  boolean verify(PublicKey key, byte[] signed, Signature signature);
}

package io.tallystick.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The reference, and what is used where nothing faster loads: Bouncy Castle's own arithmetic. */
final class BouncyCastleEd25519 implements Ed25519Provider {
  @Override
  public String name() {
    return "BouncyCastle";
  }

  @Override
  public Signature sign(PrivateKey key, byte[] message) {
    byte[] signature = new byte[Signature.LENGTH];
    byte[] publicKey = key.publicKey().encoded().unsafeArray();
    Ed25519.sign(key.seed(), 0, publicKey, 0, message, 0, message.length, signature, 0);
    return new Signature(Bytes.wrap(signature));
  }

  @Override
  public boolean verify(PreparedKey key, byte[] message, Signature signature) {
    byte[] encoded = signature.encoded().unsafeArray();
    // Its equation is multiplied by a factor that can cancel a small-order part of R. With a key of
    // prime order the exact equation has no solution for such an R, so refusing them is exact.
    return Ed25519.verify(encoded, 0, key.point(), message, 0, message.length)
        && Ed25519.validatePublicKeyFull(encoded, 0);
  }
}

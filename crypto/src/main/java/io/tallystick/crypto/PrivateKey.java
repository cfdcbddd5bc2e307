package io.tallystick.crypto;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** An Ed25519 private key: the 32-byte seed (RFC 8032) and the public key that follows from it. */
public final class PrivateKey {
  /** Length of the seed in bytes. */
  public static final int LENGTH = 32;

  private final byte[] seed;
  private final PublicKey publicKey;

  private PrivateKey(byte[] seed) {
    this.seed = seed;
    byte[] encoded = new byte[PublicKey.LENGTH];
    Ed25519.generatePublicKey(seed, 0, encoded, 0);
    this.publicKey = new PublicKey(Bytes.wrap(encoded));
  }

  /** Copies the 32 bytes of {@code seed}. */
  public static PrivateKey ofSeed(byte[] seed) {
    if (seed.length != LENGTH) {
      throw new IllegalArgumentException("private key: " + seed.length + " bytes (expected: 32)");
    }
    return new PrivateKey(seed.clone());
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** The seed itself, for the signing provider and key files alone. */
  byte[] seed() {
    return seed;
  }

  /** Never shows the seed. */
  @Override
  public String toString() {
    return "PrivateKey(of " + publicKey + ")";
  }
}

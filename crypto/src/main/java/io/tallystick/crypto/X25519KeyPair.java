package io.tallystick.crypto;

import java.security.SecureRandom;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** An ephemeral X25519 key pair (RFC 7748): made for one handshake, and forgotten with it. */
public final class X25519KeyPair {
  /** Length of a public key and of a shared secret, in bytes. */
  public static final int LENGTH = 32;

  private final byte[] scalar;
  private final Bytes publicKey;

  private X25519KeyPair(byte[] scalar) {
    this.scalar = scalar;
    byte[] point = new byte[LENGTH];
    X25519.generatePublicKey(scalar, 0, point, 0);
    this.publicKey = Bytes.wrap(point);
  }

  /** Draws a new pair. */
  public static X25519KeyPair generate(SecureRandom random) {
    byte[] scalar = new byte[LENGTH];
    X25519.generatePrivateKey(random, scalar);
    return new X25519KeyPair(scalar);
  }

  /** The pair of a given scalar, for test vectors. */
  static X25519KeyPair ofScalar(byte[] scalar) {
    return new X25519KeyPair(scalar.clone());
  }

  /** What the peer gets: 32 bytes. */
  public Bytes publicKey() {
    return publicKey;
  }

  /**
   * The secret shared with the holder of {@code peerKey}: empty when that isn't 32 bytes, or is a
   * point of small order, which would make the secret all zeros whatever our key.
   */
  public Optional<Bytes> agree(Bytes peerKey) {
    byte[] secret = new byte[LENGTH];
    return peerKey.size() == LENGTH
            && X25519.calculateAgreement(scalar, 0, peerKey.unsafeArray(), 0, secret, 0)
        ? Optional.of(Bytes.wrap(secret))
        : Optional.empty();
  }

  /** Never shows the scalar. */
  @Override
  public String toString() {
    return "X25519KeyPair(of " + publicKey + ")";
  }
}

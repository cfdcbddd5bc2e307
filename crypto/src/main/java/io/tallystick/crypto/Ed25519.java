package io.tallystick.crypto;

/** Signs and verifies Ed25519 (RFC 8032) with one strict verdict on every machine. */
public final class Ed25519 {
  private Ed25519() {}

  /** Signs {@code message}; deterministic. */
  public static Signature sign(PrivateKey key, byte[] message) {
    byte[] signature = new byte[Signature.LENGTH];
    org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
        key.seed(), 0, message, 0, message.length, signature, 0);
    return new Signature(Bytes.wrap(signature));
  }

  /** Whether {@code signature} is {@code key}'s over {@code message}; false on any bad input. */
  public static boolean verify(PublicKey key, byte[] message, Signature signature) {
    return org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
        signature.encoded().unsafeArray(),
        0,
        key.encoded().unsafeArray(),
        0,
        message,
        0,
        message.length);
  }
}

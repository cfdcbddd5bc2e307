package io.tallystick.crypto;

/** An Ed25519 signature as its 64 encoded bytes (RFC 8032). */
public record Signature(Bytes encoded) {
  /** Length in bytes. */
  public static final int LENGTH = 64;

  /** Checks the length alone. */
  public Signature {
    if (encoded.size() != LENGTH) {
      throw new IllegalArgumentException("signature: " + encoded.size() + " bytes (expected: 64)");
    }
  }
}

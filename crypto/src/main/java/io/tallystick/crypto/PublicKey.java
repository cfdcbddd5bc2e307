package io.tallystick.crypto;

/**
 * An Ed25519 public key as its 32 encoded bytes (RFC 8032). Holding one says nothing about its
 * validity: {@link Ed25519#verify} refuses keys that are not canonical or not of prime order.
 */
public record PublicKey(Bytes encoded) implements Comparable<PublicKey> {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  /** Checks the length alone. */
  public PublicKey {
    if (encoded.size() != LENGTH) {
      throw new IllegalArgumentException("public key: " + encoded.size() + " bytes (expected: 32)");
    }
  }

  /** The eight bytes that name a client in envelopes: the start of SHA-256 of the key, in hex. */
  public String fingerprint() {
    return Digest.sha256(encoded).toHex().substring(0, 16);
  }

  @Override
  public int compareTo(PublicKey other) {
    return encoded.compareTo(other.encoded);
  }

  @Override
  public String toString() {
    return encoded.toHex();
  }
}

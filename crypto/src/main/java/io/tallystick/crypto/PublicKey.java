package io.tallystick.crypto;

import java.util.Base64;

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

  /**
   * Parses 64 hex digits.
   *
   * @throws IllegalArgumentException when it isn't 32 bytes in hex
   */
  public static PublicKey fromHex(String hex) {
    return new PublicKey(Bytes.fromHex(hex));
  }

  /**
   * Parses canonical base64, as configuration files and genesis have it.
   *
   * @throws IllegalArgumentException when it isn't 32 bytes in exactly that spelling
   */
  public static PublicKey fromBase64(String base64) {
    PublicKey key = new PublicKey(Bytes.wrap(Base64.getDecoder().decode(base64)));
    if (!key.toBase64().equals(base64)) {
      throw new IllegalArgumentException(
          "public key: '" + base64 + "' (expected: canonical base64 with padding)");
    }
    return key;
  }

  /** The key in canonical base64. */
  public String toBase64() {
    return Base64.getEncoder().encodeToString(encoded.unsafeArray());
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

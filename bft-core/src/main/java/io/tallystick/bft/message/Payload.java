package io.tallystick.bft.message;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;

/**
 * What a request carries, and the salted commitment that stands for it in everything signed.
 *
 * @param salt 32 bytes that the client chose
 * @param content the bytes themselves
 * @param commitment SHA-256 of salt and content
 */
public record Payload(Bytes salt, Bytes content, Digest commitment) {
  /** Length of a salt in bytes. */
  public static final int SALT_LENGTH = 32;

  /** Computes the commitment. */
  public static Payload of(Bytes salt, Bytes content) {
    return new Payload(salt, content, commitment(salt, content));
  }

  /** SHA-256(salt || content). */
  public static Digest commitment(Bytes salt, Bytes content) {
    return Digest.sha256(salt.unsafeArray(), content.unsafeArray());
  }
}

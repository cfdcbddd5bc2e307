package io.tallystick.crypto.note;

import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import java.nio.charset.StandardCharsets;

/**
 * Signs notes under one name: a log's signature, or a cosignature, as its key's type says. The
 * private key always is the public one's.
 */
public record NoteSigner(VerifierKey key, PrivateKey privateKey) {
  /** Checks that the keys belong together. */
  public NoteSigner {
    if (!key.publicKey().equals(privateKey.publicKey())) {
      throw new IllegalArgumentException(
          "note signer " + key.name() + ": another private key (expected: the vkey's)");
    }
  }

  /** A log's signer (type 0x01), named as its origin. */
  public static NoteSigner log(String origin, PrivateKey privateKey) {
    return new NoteSigner(VerifierKey.log(origin, privateKey.publicKey()), privateKey);
  }

  /** A cosigner (type 0x04). */
  public static NoteSigner cosigner(String name, PrivateKey privateKey) {
    return new NoteSigner(VerifierKey.cosigner(name, privateKey.publicKey()), privateKey);
  }

  /** A log's signature line for a note with this text. */
  public NoteSignature sign(String noteText) {
    if (key.type() != VerifierKey.ED25519) {
      throw new IllegalStateException("log signer: type " + key.type() + " (expected: 1)");
    }
    byte[] text = noteText.getBytes(StandardCharsets.UTF_8);
    return new NoteSignature(key.name(), key.keyId(), Ed25519.sign(privateKey, text).encoded());
  }

  /** A cosignature line for a note with this text. */
  public NoteSignature cosign(String noteText, long timestampSeconds) {
    return Cosignature.sign(privateKey, timestampSeconds, noteText).line(key);
  }
}

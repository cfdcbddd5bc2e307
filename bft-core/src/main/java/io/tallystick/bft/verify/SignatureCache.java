package io.tallystick.bft.verify;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;

/**
 * Verifies signatures, each good one once: votes arrive alone, again, and in certificates. Only
 * successes are remembered, under SHA-256 of key, signed bytes and signature, so that nothing can
 * be put in that doesn't verify. An entry weighs about 200 bytes. Safe on any thread.
 */
final class SignatureCache implements SignatureCheck {
  private final Cache<Digest, Boolean> verified;

  SignatureCache(int entriesMax) {
    verified = Caffeine.newBuilder().maximumSize(entriesMax).executor(Runnable::run).build();
  }

  @Override
  public boolean verify(PublicKey key, byte[] signed, Signature signature) {
    Digest name = name(key, signed, signature);
    if (verified.getIfPresent(name) != null) {
      return true;
    }
    boolean good = Ed25519.verify(key, signed, signature);
    if (good) {
      verified.put(name, Boolean.TRUE);
    }
    return good;
  }

  private static Digest name(PublicKey key, byte[] signed, Signature signature) {
    // Key and signature have fixed lengths, so the concatenation can be read one way only.
    return Digest.sha256(key.encoded().unsafeArray(), signature.encoded().unsafeArray(), signed);
  }
}

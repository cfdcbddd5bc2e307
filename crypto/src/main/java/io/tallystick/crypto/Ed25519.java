package io.tallystick.crypto;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Signs and verifies Ed25519 (RFC 8032) with one strict verdict on every machine: canonical S, A
 * and R, A of prime order, and the cofactorless equation exactly (design 5, "One verdict
 * everywhere"). The fastest provider that works here is used; which one makes no difference to any
 * answer.
 */
public final class Ed25519 {
  /** No more keys are kept decoded; when there are, all are forgotten and decoded again. */
  static final int KEYS_MAX = 4096;

  private static final Ed25519Provider REFERENCE = new BouncyCastleEd25519();
  private static final Ed25519Provider IN_USE = CorrettoEd25519.load(REFERENCE).orElse(REFERENCE);
  private static final ConcurrentMap<PublicKey, Optional<PreparedKey>> KEYS =
      new ConcurrentHashMap<>();

  private Ed25519() {}

  /** Names the provider in use, for logs and metrics. */
  public static String provider() {
    return IN_USE.name();
  }

  /** Signs {@code message}; deterministic. */
  public static Signature sign(PrivateKey key, byte[] message) {
    return IN_USE.sign(key, message);
  }

  /** Whether {@code signature} is {@code key}'s over {@code message}; false on any bad input. */
  public static boolean verify(PublicKey key, byte[] message, Signature signature) {
    return verify(IN_USE, key, message, signature);
  }

  /** Whether anything can verify under {@code key}: it is canonical and of prime order. */
  public static boolean isValid(PublicKey key) {
    return prepare(key).isPresent();
  }

  /** The verdict by one provider. */
  static boolean verify(
      Ed25519Provider provider, PublicKey key, byte[] message, Signature signature) {
    if (!Ed25519Screen.admits(signature.encoded().unsafeArray())) {
      return false;
    }
    Optional<PreparedKey> prepared = prepare(key);
    return prepared.isPresent() && provider.verify(prepared.get(), message, signature);
  }

  /** Every provider that works here, the reference first. */
  static Ed25519Provider[] providers() {
    return IN_USE == REFERENCE
        ? new Ed25519Provider[] {REFERENCE}
        : new Ed25519Provider[] {REFERENCE, IN_USE};
  }

  /** Number of keys kept decoded now. */
  static int keysKept() {
    return KEYS.size();
  }

  private static Optional<PreparedKey> prepare(PublicKey key) {
    Optional<PreparedKey> known = KEYS.get(key);
    if (known != null) {
      return known;
    }
    if (KEYS.size() >= KEYS_MAX) {
      // Whoever floods us with keys pays for each; the others pay once in every KEYS_MAX of them
      KEYS.clear();
    }
    Optional<PreparedKey> prepared = PreparedKey.of(key);
    KEYS.put(key, prepared);
    return prepared;
  }
}

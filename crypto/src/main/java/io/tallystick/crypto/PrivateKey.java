package io.tallystick.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/** An Ed25519 private key: the 32-byte seed (RFC 8032) and the public key that follows from it. */
public final class PrivateKey {
  /** Length of the seed in bytes. */
  public static final int LENGTH = 32;

  private static final byte[] PKCS8_PREFIX =
      Bytes.fromHex("302e020100300506032b657004220420").toArray();

  private final byte[] seed;
  private final PublicKey publicKey;
  private volatile java.security.@Nullable PrivateKey jca;

  private PrivateKey(byte[] seed) {
    this.seed = seed;
    byte[] encoded = new byte[PublicKey.LENGTH];
    Ed25519.generatePublicKey(seed, 0, encoded, 0);
    this.publicKey = new PublicKey(Bytes.wrap(encoded));
  }

  /** Draws a new key. */
  public static PrivateKey generate(SecureRandom random) {
    byte[] seed = new byte[LENGTH];
    random.nextBytes(seed);
    return new PrivateKey(seed);
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

  /** The key as DER PKCS#8 (RFC 8410), 48 bytes. */
  byte[] pkcs8() {
    byte[] pkcs8 = new byte[PKCS8_PREFIX.length + LENGTH];
    System.arraycopy(PKCS8_PREFIX, 0, pkcs8, 0, PKCS8_PREFIX.length);
    System.arraycopy(seed, 0, pkcs8, PKCS8_PREFIX.length, LENGTH);
    return pkcs8;
  }

  /** The same key for JCA providers. */
  java.security.PrivateKey jca() {
    java.security.PrivateKey known = jca;
    if (known == null) {
      // Twice at worst, when two threads are the first
      known = decode(pkcs8());
      jca = known;
    }
    return known;
  }

  private static java.security.PrivateKey decode(byte[] pkcs8) {
    try {
      return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Ed25519 is missing from this Java runtime", e);
    }
  }

  /** Never shows the seed. */
  @Override
  public String toString() {
    return "PrivateKey(of " + publicKey + ")";
  }
}

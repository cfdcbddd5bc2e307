package io.tallystick.crypto;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519.PublicPoint;
import org.jspecify.annotations.Nullable;

/** A public key that was found canonical and of prime order, decoded for whoever verifies by it. */
final class PreparedKey {
  private static final byte[] SPKI_PREFIX = Bytes.fromHex("302a300506032b6570032100").toArray();

  private final PublicKey key;
  private final PublicPoint point;
  private volatile java.security.@Nullable PublicKey jca;

  private PreparedKey(PublicKey key, PublicPoint point) {
    this.key = key;
    this.point = point;
  }

  /** Decodes {@code key}: empty when it isn't canonical, or not a point of prime order. */
  static Optional<PreparedKey> of(PublicKey key) {
    byte[] encoded = key.encoded().unsafeArray();
    if (!Ed25519Screen.isCanonicalPoint(encoded)) {
      return Optional.empty();
    }
    return Optional.ofNullable(
            org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFullExport(encoded, 0))
        .map(point -> new PreparedKey(key, point));
  }

  PublicPoint point() {
    return point;
  }

  /** The same key for JCA providers. */
  java.security.PublicKey jca() {
    java.security.PublicKey known = jca;
    if (known == null) {
      // Twice at worst, when two threads are the first
      known = decode(spki(key));
      jca = known;
    }
    return known;
  }

  /** The key as DER SubjectPublicKeyInfo (RFC 8410), 44 bytes. */
  static byte[] spki(PublicKey key) {
    byte[] spki = new byte[SPKI_PREFIX.length + PublicKey.LENGTH];
    System.arraycopy(SPKI_PREFIX, 0, spki, 0, SPKI_PREFIX.length);
    System.arraycopy(key.encoded().unsafeArray(), 0, spki, SPKI_PREFIX.length, PublicKey.LENGTH);
    return spki;
  }

  private static java.security.PublicKey decode(byte[] spki) {
    try {
      return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of prime order that the runtime can't decode", e);
    }
  }
}

package io.tallystick.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 (RFC 2104) under one key, used again and again: update with what comes, then finish
 * or verify, which makes it ready for the next message. For one thread at a time.
 */
public final class HmacSha256 {
  /** Length of a MAC in bytes. */
  public static final int LENGTH = 32;

  private final Mac mac;
  private final byte[] result = new byte[LENGTH];

  /** Starts under {@code key}, which may have any length but none. */
  public HmacSha256(byte[] key) {
    try {
      mac = newMac();
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HMAC-SHA-256 is missing from this Java runtime", e);
    }
  }

  private static Mac newMac() throws NoSuchAlgorithmException {
    Optional<Provider> corretto = Corretto.provider();
    return corretto.isPresent()
        ? Mac.getInstance("HmacSHA256", corretto.get())
        : Mac.getInstance("HmacSHA256");
  }

  /** The MAC of the concatenation of {@code parts}. */
  public static byte[] mac(byte[] key, byte[]... parts) {
    HmacSha256 hmac = new HmacSha256(key);
    for (byte[] part : parts) {
      hmac.update(part);
    }
    return hmac.finish();
  }

  /** Takes all of {@code bytes} in. */
  public HmacSha256 update(byte[] bytes) {
    mac.update(bytes);
    return this;
  }

  /** Takes {@code length} bytes from {@code offset} on in. */
  public HmacSha256 update(byte[] bytes, int offset, int length) {
    mac.update(bytes, offset, length);
    return this;
  }

  /** Takes what remains in {@code buffer} in, and moves its position to its limit. */
  public HmacSha256 update(ByteBuffer buffer) {
    mac.update(buffer);
    return this;
  }

  /** Takes eight bytes in, big-endian. */
  public HmacSha256 updateLong(long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      mac.update((byte) (value >>> shift));
    }
    return this;
  }

  /** Takes four bytes in, big-endian. */
  public HmacSha256 updateInt(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      mac.update((byte) (value >>> shift));
    }
    return this;
  }

  /** The MAC of what was taken in. */
  public byte[] finish() {
    return mac.doFinal();
  }

  /** Writes the MAC of what was taken in to {@code out}, which has 32 bytes from there on. */
  public void finish(byte[] out, int offset) {
    try {
      mac.doFinal(out, offset);
    } catch (ShortBufferException e) {
      throw new IllegalArgumentException(
          "out: " + (out.length - offset) + " bytes (expected: >= 32)", e);
    }
  }

  /**
   * Whether the 32 bytes from {@code offset} on are the MAC of what was taken in; constant time.
   */
  public boolean verify(byte[] expected, int offset) {
    finish(result, 0);
    return MessageDigest.isEqual(result, Arrays.copyOfRange(expected, offset, offset + LENGTH));
  }

  /** Whether {@code expected} is the MAC of what was taken in; constant time. */
  public boolean verify(byte[] expected) {
    finish(result, 0);
    return MessageDigest.isEqual(result, expected);
  }

  /** Forgets what was taken in. */
  public void reset() {
    mac.reset();
  }
}

package io.tallystick.crypto;

import java.util.Arrays;

/** HKDF with SHA-256 (RFC 5869). */
public final class Hkdf {
  /** No more bytes can be derived from one key. */
  public static final int OUTPUT_BYTES_MAX = 255 * HmacSha256.LENGTH;

  private Hkdf() {}

  /** RFC 5869 section 2.2: a key from input that isn't uniform. An empty salt is zeros. */
  public static byte[] extract(byte[] salt, byte[] input) {
    return HmacSha256.mac(salt.length == 0 ? new byte[HmacSha256.LENGTH] : salt, input);
  }

  /**
   * RFC 5869 section 2.3: output of {@code length} bytes for the purpose {@code context}.
   *
   * @throws IllegalArgumentException unless {@code length} is 1 to 8,160
   */
  public static byte[] expand(byte[] key, byte[] context, int length) {
    if (length < 1 || length > OUTPUT_BYTES_MAX) {
      throw new IllegalArgumentException(
          "length: " + length + " (expected: 1 to " + OUTPUT_BYTES_MAX + ")");
    }
    HmacSha256 hmac = new HmacSha256(key);
    byte[] output = new byte[length];
    byte[] block = new byte[0];
    int counter = 1;
    for (int at = 0; at < length; at += HmacSha256.LENGTH) {
      block = hmac.update(block).update(context).update(new byte[] {(byte) counter}).finish();
      System.arraycopy(block, 0, output, at, Math.min(block.length, length - at));
      counter++;
    }
    Arrays.fill(block, (byte) 0);
    return output;
  }
}

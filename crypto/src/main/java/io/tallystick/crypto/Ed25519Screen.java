package io.tallystick.crypto;

import java.util.Arrays;

/**
 * Refuses the encodings on which Ed25519 implementations disagree, before any of them is asked: S
 * not below the group order; y not below 2^255-19; points of small order. With the key of prime
 * order, what is left has one verdict.
 */
final class Ed25519Screen {
  /** The group order L, little-endian. */
  private static final byte[] ORDER =
      Bytes.fromHex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").toArray();

  /** The y of all eight points of small order, little-endian, without the sign of x. */
  private static final byte[][] SMALL_ORDER_Y = {
    Bytes.fromHex("0000000000000000000000000000000000000000000000000000000000000000").toArray(),
    Bytes.fromHex("0100000000000000000000000000000000000000000000000000000000000000").toArray(),
    Bytes.fromHex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f").toArray(),
    Bytes.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05").toArray(),
    Bytes.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a").toArray()
  };

  private Ed25519Screen() {}

  /** Whether R and S are canonical and R isn't of small order. */
  static boolean admits(byte[] signature) {
    return isCanonicalScalar(signature) && isCanonicalPoint(signature);
  }

  /** Whether the second 32 bytes are a number below L. */
  private static boolean isCanonicalScalar(byte[] signature) {
    for (int i = 31; i >= 0; i--) {
      int difference = (signature[32 + i] & 0xff) - (ORDER[i] & 0xff);
      if (difference != 0) {
        return difference < 0;
      }
    }
    return false;
  }

  /** Whether the first 32 bytes are a y below p, and not that of a point of small order. */
  static boolean isCanonicalPoint(byte[] encoded) {
    return isBelowPrime(encoded) && !isOfSmallOrder(encoded);
  }

  private static boolean isBelowPrime(byte[] encoded) {
    if ((encoded[31] & 0x7f) != 0x7f) {
      return true;
    }
    for (int i = 30; i > 0; i--) {
      if (encoded[i] != (byte) 0xff) {
        return true;
      }
    }
    return (encoded[0] & 0xff) < 0xed;
  }

  private static boolean isOfSmallOrder(byte[] encoded) {
    for (byte[] y : SMALL_ORDER_Y) {
      // Also covers -0: x is 0 for y = 1 and y = -1 only
      if ((encoded[31] & 0x7f) == y[31] && Arrays.equals(encoded, 0, 31, y, 0, 31)) {
        return true;
      }
    }
    return false;
  }
}

package io.tallystick.crypto;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/**
 * Edwards-curve arithmetic as the textbook has it, slow and plain: makes the corner cases that no
 * library will make, and is a second opinion on every verdict.
 */
final class NaiveEd25519 {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
  private static final BigInteger D =
      BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(P)).mod(P);
  private static final BigInteger SQRT_MINUS_1 =
      BigInteger.TWO.modPow(P.subtract(BigInteger.ONE).shiftRight(2), P);

  private NaiveEd25519() {}

  /** A point, affine. */
  record Point(BigInteger x, BigInteger y) {
    static final Point NEUTRAL = new Point(BigInteger.ZERO, BigInteger.ONE);
    static final Point BASE = decode(Bytes.fromHex("58" + "66".repeat(31)).toArray()).orElseThrow();

    Point plus(Point other) {
      BigInteger dxy = D.multiply(x).multiply(other.x).mod(P).multiply(y).multiply(other.y).mod(P);
      BigInteger xSum = x.multiply(other.y).add(y.multiply(other.x));
      BigInteger ySum = y.multiply(other.y).add(x.multiply(other.x));
      return new Point(
          xSum.multiply(BigInteger.ONE.add(dxy).modInverse(P)).mod(P),
          ySum.multiply(BigInteger.ONE.subtract(dxy).mod(P).modInverse(P)).mod(P));
    }

    Point times(BigInteger scalar) {
      Point sum = NEUTRAL;
      for (int i = scalar.bitLength() - 1; i >= 0; i--) {
        sum = sum.plus(sum);
        if (scalar.testBit(i)) {
          sum = sum.plus(this);
        }
      }
      return sum;
    }

    byte[] encode() {
      byte[] encoded = littleEndian(y, 32);
      encoded[31] |= (byte) (x.testBit(0) ? 0x80 : 0);
      return encoded;
    }
  }

  /** Decodes, also what isn't canonical: empty when there is no such point. */
  static Optional<Point> decode(byte[] encoded) {
    byte[] magnitude = encoded.clone();
    magnitude[31] &= 0x7f;
    BigInteger y = number(magnitude).mod(P);
    BigInteger y2 = y.multiply(y).mod(P);
    BigInteger denominator = D.multiply(y2).add(BigInteger.ONE).mod(P);
    BigInteger x2 = y2.subtract(BigInteger.ONE).multiply(denominator.modInverse(P)).mod(P);
    BigInteger x = x2.modPow(P.add(BigInteger.valueOf(3)).shiftRight(3), P);
    if (!x.multiply(x).mod(P).equals(x2)) {
      x = x.multiply(SQRT_MINUS_1).mod(P);
    }
    if (!x.multiply(x).mod(P).equals(x2)) {
      return Optional.empty();
    }
    boolean negative = (encoded[31] & 0x80) != 0;
    return Optional.of(new Point(x.testBit(0) == negative ? x : P.subtract(x).mod(P), y));
  }

  /** A point of order 8, whose multiples are all the points of small order. */
  static Point torsion() {
    for (int y = 2; ; y++) {
      Optional<Point> point = decode(littleEndian(BigInteger.valueOf(y), 32));
      if (point.isPresent()) {
        Point torsion = point.get().times(L);
        if (!torsion.times(BigInteger.valueOf(4)).equals(Point.NEUTRAL)) {
          return torsion;
        }
      }
    }
  }

  /** SHA-512 of R, A and the message, modulo L. */
  static BigInteger challenge(byte[] r, byte[] a, byte[] message) {
    try {
      java.security.MessageDigest sha = java.security.MessageDigest.getInstance("SHA-512");
      sha.update(r);
      sha.update(a);
      return number(sha.digest(message)).mod(L);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The verdict that everyone must give. */
  static boolean verify(byte[] key, byte[] message, byte[] signature) {
    byte[] encodedR = Arrays.copyOf(signature, 32);
    BigInteger s = number(Arrays.copyOfRange(signature, 32, 64));
    Optional<Point> a = decode(key);
    Optional<Point> r = decode(encodedR);
    if (s.compareTo(L) >= 0 || a.isEmpty() || r.isEmpty()) {
      return false;
    }
    boolean canonical =
        Arrays.equals(a.get().encode(), key) && Arrays.equals(r.get().encode(), encodedR);
    boolean primeOrder = a.get().times(L).equals(Point.NEUTRAL) && !a.get().equals(Point.NEUTRAL);
    boolean smallR = r.get().times(BigInteger.valueOf(8)).equals(Point.NEUTRAL);
    BigInteger k = challenge(encodedR, key, message);
    return canonical
        && primeOrder
        && !smallR
        && Point.BASE.times(s).equals(r.get().plus(a.get().times(k)));
  }

  static BigInteger number(byte[] littleEndian) {
    byte[] bigEndian = new byte[littleEndian.length];
    for (int i = 0; i < bigEndian.length; i++) {
      bigEndian[i] = littleEndian[littleEndian.length - 1 - i];
    }
    return new BigInteger(1, bigEndian);
  }

  static byte[] littleEndian(BigInteger number, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    return bytes;
  }

  static byte[] join(byte[] r, BigInteger s) {
    byte[] signature = Arrays.copyOf(r, 64);
    System.arraycopy(littleEndian(s, 32), 0, signature, 32, 32);
    return signature;
  }
}

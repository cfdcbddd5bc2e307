package io.tallystick.crypto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A SHA-256 digest: 32 bytes that compare by content. */
public final class Digest implements Comparable<Digest> {
  /** Length in bytes. */
  public static final int LENGTH = 32;

  /** Thirty-two zero bytes: the value of "none" in layouts that need one. */
  public static final Digest ZERO = new Digest(new byte[LENGTH]);

  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(
          () -> {
            try {
              return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
              throw new IllegalStateException("SHA-256 is missing from this Java runtime", e);
            }
          });

  private final byte[] array;

  private Digest(byte[] array) {
    this.array = array;
  }

  /** SHA-256 of the concatenation of {@code parts}. */
  public static Digest sha256(byte[]... parts) {
    MessageDigest sha = SHA_256.get();
    for (byte[] part : parts) {
      sha.update(part);
    }
    return new Digest(sha.digest());
  }

  /** SHA-256 of {@code bytes}. */
  public static Digest sha256(Bytes bytes) {
    return sha256(bytes.unsafeArray());
  }

  /**
   * Copies 32 bytes that are a digest already.
   *
   * @throws IllegalArgumentException when {@code array} is not 32 bytes long
   */
  public static Digest of(byte[] array) {
    if (array.length != LENGTH) {
      throw new IllegalArgumentException("digest: " + array.length + " bytes (expected: 32)");
    }
    return new Digest(array.clone());
  }

  /** Parses 64 hex digits. */
  public static Digest fromHex(String hex) {
    return of(HexFormat.of().parseHex(hex));
  }

  /** A fresh copy of the 32 bytes. */
  public byte[] toArray() {
    return array.clone();
  }

  /** The array itself, for reading only. */
  public byte[] unsafeArray() {
    return array;
  }

  /** The first eight bytes, big-endian. */
  public long prefix() {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = value << 8 | array[i] & 0xff;
    }
    return value;
  }

  /** 64 lowercase hex digits. */
  public String toHex() {
    return HexFormat.of().formatHex(array);
  }

  @Override
  public int compareTo(Digest other) {
    return Arrays.compareUnsigned(array, other.array);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest digest && Arrays.equals(array, digest.array);
  }

  @Override
  public int hashCode() {
    return (array[0] & 0xff) << 24
        | (array[1] & 0xff) << 16
        | (array[2] & 0xff) << 8
        | array[3] & 0xff;
  }

  @Override
  public String toString() {
    return toHex();
  }
}

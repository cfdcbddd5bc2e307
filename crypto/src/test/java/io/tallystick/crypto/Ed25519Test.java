package io.tallystick.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.crypto.NaiveEd25519.Point;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class Ed25519Test {
  private static final long SEED = 25519;

  /** RFC 8032 section 7.1: seed, public key, message, signature. */
  private static final String[][] RFC_8032 = {
    {
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
          + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    },
    {
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
          + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    },
    {
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
          + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    },
    {
      "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
      "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
      "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
          + "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
    }
  };

  @Test
  void signsAndVerifiesTheVectorsOfRfc8032() {
    for (String[] row : RFC_8032) {
      PrivateKey key = PrivateKey.ofSeed(Bytes.fromHex(row[0]).toArray());
      byte[] message = Bytes.fromHex(row[2]).toArray();
      assertEquals(row[1], key.publicKey().toString());
      for (Ed25519Provider provider : Ed25519.providers()) {
        Signature signature = provider.sign(key, message);
        assertEquals(row[3], signature.encoded().toHex(), provider.name());
        assertTrue(Ed25519.verify(provider, key.publicKey(), message, signature));
      }
      assertTrue(
          NaiveEd25519.verify(
              key.publicKey().encoded().toArray(), message, Bytes.fromHex(row[3]).toArray()));
    }
  }

  @Test
  void usesTheNativeProviderWhereItLoads() {
    String native64 = System.getProperty("os.name") + "/" + System.getProperty("os.arch");
    assertEquals(
        native64.equals("Linux/amd64") ? "AmazonCorretto" : "BouncyCastle", Ed25519.provider());
    assertEquals("BouncyCastle", Ed25519.providers()[0].name());
  }

  @Test
  @DisplayName("S12 every provider gives one verdict on thousands of damaged signatures")
  void agreesOnDamagedSignatures() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < 6000; i++) {
      byte[] seed = new byte[32];
      Arrays.fill(seed, (byte) (i % 8));
      PrivateKey key = PrivateKey.ofSeed(seed);
      byte[] message = new byte[random.nextInt(300)];
      random.nextBytes(message);
      byte[] publicKey = key.publicKey().encoded().toArray();
      byte[] signature = Ed25519.sign(key, message).encoded().toArray();
      switch (random.nextInt(6)) {
        case 0 -> signature[random.nextInt(64)] ^= (byte) (1 << random.nextInt(8));
        case 1 -> publicKey[random.nextInt(32)] ^= (byte) (1 << random.nextInt(8));
        case 2 -> message = Arrays.copyOf(message, message.length + 1);
        case 3 -> random.nextBytes(signature);
        case 4 -> Arrays.fill(signature, 0, 31, (byte) 0xff);
        default -> signature[63] += (byte) 0x10;
      }
      accepted += verdict(publicKey, message, signature, i % 100 == 0) ? 1 : 0;
    }
    assertEquals(0, accepted);
  }

  @Test
  @DisplayName("S12 S is refused unless it is below the group order")
  void refusesNonCanonicalS() {
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    byte[] message = {1};
    byte[] good = Ed25519.sign(key, message).encoded().toArray();
    BigInteger s = NaiveEd25519.number(Arrays.copyOfRange(good, 32, 64));
    byte[] publicKey = key.publicKey().encoded().toArray();
    assertTrue(verdict(publicKey, message, good, true));
    for (int i = 1; i < 15; i++) {
      byte[] more = NaiveEd25519.join(good, s.add(NaiveEd25519.L.multiply(BigInteger.valueOf(i))));
      assertFalse(verdict(publicKey, message, more, true));
    }
    assertFalse(verdict(publicKey, message, NaiveEd25519.join(good, NaiveEd25519.L), true));
  }

  @Test
  @DisplayName("S12 keys and R of small order are refused, in every encoding")
  void refusesSmallOrders() {
    byte[] message = {2};
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    byte[] good = Ed25519.sign(key, message).encoded().toArray();
    List<byte[]> small = smallOrderEncodings();
    assertEquals(14, small.size());
    for (byte[] encoded : small) {
      assertFalse(Ed25519.isValid(new PublicKey(Bytes.copyOf(encoded))));
      for (byte[] other : small) {
        // S = 0 makes the equation hold for many of these pairs
        assertFalse(verdict(encoded, message, NaiveEd25519.join(other, BigInteger.ZERO), true));
      }
      assertFalse(verdict(encoded, message, good, true));
      byte[] publicKey = key.publicKey().encoded().toArray();
      BigInteger k = NaiveEd25519.challenge(encoded, publicKey, message);
      BigInteger s = k.multiply(scalar(new byte[32])).mod(NaiveEd25519.L);
      assertFalse(verdict(publicKey, message, NaiveEd25519.join(encoded, s), true));
    }
  }

  @Test
  @DisplayName("S12 a key with a small-order part is refused, though its equation can hold")
  void refusesMixedOrderKeys() {
    BigInteger a = scalar(new byte[32]);
    BigInteger r = BigInteger.valueOf(123_456_789);
    Point torsion = NaiveEd25519.torsion();
    byte[] encodedR = Point.BASE.times(r).encode();
    int held = 0;
    for (int i = 1; i < 8; i++) {
      Point mixed = Point.BASE.times(a).plus(torsion.times(BigInteger.valueOf(i)));
      byte[] encodedA = mixed.encode();
      assertFalse(Ed25519.isValid(new PublicKey(Bytes.copyOf(encodedA))));
      for (int m = 0; m < 40; m++) {
        byte[] message = {(byte) m};
        BigInteger k = NaiveEd25519.challenge(encodedR, encodedA, message);
        BigInteger s = r.add(k.multiply(a)).mod(NaiveEd25519.L);
        held += k.testBit(0) || k.testBit(1) || k.testBit(2) ? 0 : 1;
        byte[] signature = NaiveEd25519.join(encodedR, s);
        assertFalse(verdict(encodedA, message, signature, m < 3));
      }
    }
    assertTrue(held > 5, held + " would hold");
  }

  @Test
  @DisplayName("S12 an R with a small-order part is refused, where one library alone accepts some")
  void refusesMixedOrderR() {
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    BigInteger a = scalar(new byte[32]);
    byte[] encodedA = key.publicKey().encoded().toArray();
    assertEquals(Bytes.wrap(encodedA), Bytes.wrap(Point.BASE.times(a).encode()));
    Point torsion = NaiveEd25519.torsion();
    int acceptedByTheLibraryAlone = 0;
    for (int i = 1; i < 8; i++) {
      BigInteger r = BigInteger.valueOf(1_000_003L * i);
      Point mixed = Point.BASE.times(r).plus(torsion.times(BigInteger.valueOf(i)));
      byte[] encodedR = mixed.encode();
      for (int m = 0; m < 60; m++) {
        byte[] message = {(byte) m};
        BigInteger k = NaiveEd25519.challenge(encodedR, encodedA, message);
        byte[] signature = NaiveEd25519.join(encodedR, r.add(k.multiply(a)).mod(NaiveEd25519.L));
        assertFalse(verdict(encodedA, message, signature, m < 3));
        if (org.bouncycastle.math.ec.rfc8032.Ed25519.verify(
            signature, 0, encodedA, 0, message, 0, message.length)) {
          acceptedByTheLibraryAlone++;
        }
      }
    }
    assertTrue(acceptedByTheLibraryAlone > 0, "the extra check is for nothing");
  }

  @Test
  @DisplayName("S12 encodings of y that aren't below p are refused, for keys and for R")
  void refusesNonCanonicalPoints() {
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    byte[] message = {3};
    byte[] good = Ed25519.sign(key, message).encoded().toArray();
    byte[] publicKey = key.publicKey().encoded().toArray();
    for (int y = 0; y < 19; y++) {
      for (int sign = 0; sign < 2; sign++) {
        byte[] encoded = NaiveEd25519.littleEndian(NaiveEd25519.P.add(BigInteger.valueOf(y)), 32);
        encoded[31] |= (byte) (sign << 7);
        assertFalse(Ed25519.isValid(new PublicKey(Bytes.copyOf(encoded))));
        assertFalse(verdict(encoded, message, good, false));
        byte[] signature = good.clone();
        System.arraycopy(encoded, 0, signature, 0, 32);
        assertFalse(verdict(publicKey, message, signature, false));
      }
    }
  }

  @Test
  void keepsABoundedNumberOfKeys() {
    byte[] message = {4};
    PrivateKey key = PrivateKey.ofSeed(new byte[32]);
    Signature signature = Ed25519.sign(key, message);
    byte[] garbage = new byte[32];
    for (int i = 0; i < 2 * Ed25519.KEYS_MAX; i++) {
      garbage[0] = (byte) i;
      garbage[1] = (byte) (i >>> 8);
      garbage[31] = 0x7f;
      Ed25519.isValid(new PublicKey(Bytes.copyOf(garbage)));
      assertTrue(Ed25519.keysKept() <= Ed25519.KEYS_MAX);
    }
    assertTrue(Ed25519.verify(key.publicKey(), message, signature));
  }

  @Test
  void readsAndWritesPublicKeys() {
    PublicKey key = PrivateKey.generate(new SecureRandom()).publicKey();
    assertTrue(Ed25519.isValid(key));
    assertEquals(key, PublicKey.fromBase64(key.toBase64()));
    assertEquals(key, PublicKey.fromHex(key.toString()));
    String base64 = key.toBase64();
    assertThrows(
        IllegalArgumentException.class,
        () -> PublicKey.fromBase64(base64.substring(0, base64.length() - 1)));
    assertThrows(IllegalArgumentException.class, () -> PublicKey.fromHex("00"));
  }

  /** The verdict of all providers, which must be one, and of the textbook where asked. */
  private static boolean verdict(
      byte[] publicKey, byte[] message, byte[] signature, boolean withTextbook) {
    PublicKey key = new PublicKey(Bytes.copyOf(publicKey));
    Signature value = new Signature(Bytes.copyOf(signature));
    boolean verdict = Ed25519.verify(key, message, value);
    for (Ed25519Provider provider : Ed25519.providers()) {
      assertEquals(verdict, Ed25519.verify(provider, key, message, value), provider.name());
    }
    if (withTextbook) {
      assertEquals(verdict, NaiveEd25519.verify(publicKey, message, signature));
    }
    return verdict;
  }

  /** The secret scalar of a seed (RFC 8032 section 5.1.5). */
  private static BigInteger scalar(byte[] seed) {
    try {
      byte[] hash = java.security.MessageDigest.getInstance("SHA-512").digest(seed);
      hash[0] &= (byte) 0xf8;
      hash[31] = (byte) (hash[31] & 0x3f | 0x40);
      return NaiveEd25519.number(Arrays.copyOf(hash, 32));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All 32-byte strings that decode to a point of small order: 8 canonical ones, and 6 others. */
  private static List<byte[]> smallOrderEncodings() {
    List<byte[]> encodings = new ArrayList<>();
    Point torsion = NaiveEd25519.torsion();
    for (int i = 0; i < 8; i++) {
      Point point = torsion.times(BigInteger.valueOf(i));
      for (int sign = 0; sign < 2; sign++) {
        for (BigInteger y : List.of(point.y(), point.y().add(NaiveEd25519.P))) {
          byte[] encoded = NaiveEd25519.littleEndian(y, 32);
          boolean fits =
              y.bitLength() <= 255
                  && (point.x().signum() == 0 || point.x().testBit(0) == (sign == 1));
          if (fits) {
            encoded[31] |= (byte) (sign << 7);
            encodings.add(encoded);
          }
        }
      }
    }
    return encodings;
  }
}

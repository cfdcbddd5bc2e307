package io.tallystick.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static byte[] range(int from, int to) {
    byte[] bytes = new byte[to - from];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (from + i);
    }
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void computesTheMacsOfRfc4231() {
    assertArrayEquals(
        hex("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        HmacSha256.mac(hex("0b".repeat(20)), ascii("Hi There")));
    assertArrayEquals(
        hex("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        HmacSha256.mac(ascii("Jefe"), ascii("what do ya want "), ascii("for nothing?")));
    assertArrayEquals(
        hex("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        HmacSha256.mac(
            hex("aa".repeat(131)),
            ascii("Test Using Larger Than Block-Size Key - Hash Key First")));
  }

  @Test
  void usesOneMacAgainAndAgainHoweverTheBytesCome() {
    byte[] key = range(0, 32);
    byte[] message = range(0, 100);
    byte[] want = HmacSha256.mac(key, message);
    HmacSha256 mac = new HmacSha256(key);
    ByteBuffer direct = ByteBuffer.allocateDirect(100).put(message).flip();
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(want, mac.update(message, 0, 40).update(message, 40, 60).finish());
      assertTrue(mac.update(direct.rewind()).verify(want));
      assertEquals(0, direct.remaining());
      byte[] out = new byte[40];
      mac.update(ByteBuffer.wrap(message)).finish(out, 8);
      assertArrayEquals(want, Arrays.copyOfRange(out, 8, 40));
      assertTrue(mac.update(message).verify(out, 8));
      assertFalse(mac.update(message).verify(out, 7));
      assertFalse(mac.update(message, 1, 99).verify(want));
      assertFalse(mac.update(message).verify(Arrays.copyOf(want, 31)));
      mac.update(message).reset();
    }
    assertArrayEquals(
        HmacSha256.mac(key, hex("0102030405060708a1a2a3a4")),
        mac.updateLong(0x0102030405060708L).updateInt(0xa1a2a3a4).finish());
    assertThrows(IllegalArgumentException.class, () -> mac.finish(new byte[32], 1));
  }

  @Test
  void derivesTheKeysOfRfc5869() {
    byte[] input = hex("0b".repeat(22));
    byte[] key = Hkdf.extract(range(0, 13), input);
    assertArrayEquals(hex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"), key);
    assertArrayEquals(
        hex(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"
                + "34007208d5b887185865"),
        Hkdf.expand(key, range(0xf0, 0xfa), 42));
    byte[] longer = Hkdf.extract(range(0x60, 0xb0), range(0, 0x50));
    assertArrayEquals(
        hex(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c"
                + "59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71"
                + "cc30c58179ec3e87c14c01d5c1f3434f1d87"),
        Hkdf.expand(longer, range(0xb0, 0x100), 82));
    byte[] unsalted = Hkdf.extract(new byte[0], input);
    assertArrayEquals(
        hex("19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04"), unsalted);
    assertArrayEquals(
        hex(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"
                + "9d201395faa4b61a96c8"),
        Hkdf.expand(unsalted, new byte[0], 42));
    assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(key, new byte[0], 8161));
    assertThrows(IllegalArgumentException.class, () -> Hkdf.expand(key, new byte[0], 0));
    assertEquals(8160, Hkdf.expand(key, new byte[0], 8160).length);
  }

  @Test
  void agreesAsRfc7748Says() {
    X25519KeyPair alice =
        X25519KeyPair.ofScalar(
            hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    X25519KeyPair bob =
        X25519KeyPair.ofScalar(
            hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    assertEquals(
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        alice.publicKey().toHex());
    assertEquals(
        "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f",
        bob.publicKey().toHex());
    assertEquals(
        "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742",
        alice.agree(bob.publicKey()).orElseThrow().toHex());
    assertEquals(alice.agree(bob.publicKey()), bob.agree(alice.publicKey()));
  }

  @Test
  void refusesPointsThatMakeTheSecretZero() {
    X25519KeyPair pair = X25519KeyPair.generate(new SecureRandom());
    for (String point :
        new String[] {
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
          "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
          "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157"
        }) {
      assertTrue(pair.agree(Bytes.fromHex(point)).isEmpty(), point);
    }
    assertTrue(pair.agree(Bytes.wrap(new byte[31])).isEmpty());
    assertTrue(pair.agree(Bytes.EMPTY).isEmpty());
  }

  @Test
  void derivesOneKeyForEachDirection() {
    SecureRandom random = new SecureRandom();
    X25519KeyPair a = X25519KeyPair.generate(random);
    X25519KeyPair b = X25519KeyPair.generate(random);
    Bytes secret = a.agree(b.publicKey()).orElseThrow();
    Digest transcript = Digest.sha256(Bytes.utf8("everything said"));
    SessionKeys ours = SessionKeys.derive(secret, transcript, SessionKeys.Role.INITIATOR);
    SessionKeys theirs = SessionKeys.derive(secret, transcript, SessionKeys.Role.RESPONDER);
    byte[] frame = ascii("frame");
    byte[] mac = ours.sendMac().update(frame).finish();
    assertTrue(theirs.receiveMac().update(frame).verify(mac));
    assertFalse(theirs.sendMac().update(frame).verify(mac));
    assertFalse(ours.receiveMac().update(frame).verify(mac));
    assertTrue(ours.receiveMac().update(frame).verify(theirs.sendMac().update(frame).finish()));
    Digest other = Digest.sha256(Bytes.utf8("something else"));
    SessionKeys stripped = SessionKeys.derive(secret, other, SessionKeys.Role.RESPONDER);
    assertFalse(stripped.receiveMac().update(frame).verify(mac));
  }
}

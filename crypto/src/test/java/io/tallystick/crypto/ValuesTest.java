package io.tallystick.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void laysStatementsOutAsTheFormatsPageSays() {
    byte[] layout =
        StatementWriter.context("prepare")
            .u8(1)
            .u16(0x0203)
            .u32(0x04050607L)
            .u64(0x08090a0b0c0d0e0fL)
            .string("é")
            .raw(Bytes.fromHex("ff"))
            .digest(Digest.ZERO)
            .toArray();
    assertEquals(
        "74616c6c79737469636b2f312f70726570617265"
            + "00"
            + "01"
            + "0203"
            + "04050607"
            + "08090a0b0c0d0e0f"
            + "0002c3a9"
            + "ff"
            + "00".repeat(32),
        HexFormat.of().formatHex(layout));
    assertEquals(
        Digest.sha256(layout), StatementWriter.context("prepare").raw(tail(layout)).hash());
    assertThrows(IllegalArgumentException.class, () -> new StatementWriter().u8(256));
    assertThrows(IllegalArgumentException.class, () -> new StatementWriter().u16(-1));
    assertThrows(IllegalArgumentException.class, () -> new StatementWriter().u32(1L << 32));
    assertEquals("ff".repeat(8), HexFormat.of().formatHex(new StatementWriter().u64(-1).toArray()));
    String tooLong = "x".repeat(65_536);
    assertThrows(IllegalArgumentException.class, () -> new StatementWriter().string(tooLong));
  }

  private static byte[] tail(byte[] layout) {
    return Bytes.wrap(layout).slice(21, layout.length).toArray();
  }

  @Test
  void comparesBytesAndDigestsByContent() {
    Bytes a = Bytes.fromHex("00ff");
    assertEquals(a, Bytes.copyOf(new byte[] {0, -1}));
    assertEquals(a.hashCode(), Bytes.fromHex("00FF").hashCode());
    assertTrue(a.compareTo(Bytes.fromHex("007f")) > 0);
    assertTrue(a.compareTo(Bytes.fromHex("00ff00")) < 0);
    assertEquals(Bytes.fromHex("ff"), a.slice(1, 2));
    assertNotEquals(a, Bytes.EMPTY);
    Digest digest = Digest.sha256(Bytes.utf8("abc"));
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", digest.toHex());
    assertEquals(0xba7816bf8f01cfeaL, digest.prefix());
    assertEquals(digest, Digest.fromHex(digest.toHex()));
    assertThrows(IllegalArgumentException.class, () -> Digest.of(new byte[31]));
    assertThrows(IllegalArgumentException.class, () -> new PublicKey(Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> new Signature(Bytes.EMPTY));
    assertThrows(IllegalArgumentException.class, () -> PrivateKey.ofSeed(new byte[33]));
  }
}

package io.tallystick.ledger.read;

import io.tallystick.bft.message.Payload;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;

/** Takes values off the front of some bytes; says with {@link Malformed} that there aren't any. */
final class WireInput {
  /** There is less, or something else. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed(String what) {
      super(what);
    }
  }

  private final Bytes bytes;
  private int at;

  WireInput(Bytes bytes) {
    this.bytes = bytes;
  }

  private long integer(int width) throws Malformed {
    Bytes taken = bytes(width);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = value << 8 | taken.at(i) & 0xff;
    }
    return value;
  }

  int u8() throws Malformed {
    return (int) integer(1);
  }

  int u16() throws Malformed {
    return (int) integer(2);
  }

  /** A number below 2^31. */
  int u31() throws Malformed {
    int value = (int) integer(4);
    if (value < 0) {
      throw new Malformed("number: " + value + " (expected: < 2^31)");
    }
    return value;
  }

  /** A number below 2^63. */
  long u63() throws Malformed {
    long value = integer(8);
    if (value < 0) {
      throw new Malformed("number: " + value + " (expected: < 2^63)");
    }
    return value;
  }

  Bytes bytes(int count) throws Malformed {
    if (count > bytes.size() - at) {
      throw new Malformed(count + " bytes (expected: " + (bytes.size() - at) + " left)");
    }
    at += count;
    return bytes.slice(at - count, at);
  }

  Bytes salt() throws Malformed {
    return bytes(Payload.SALT_LENGTH);
  }

  List<Digest> digests(int count) throws Malformed {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      digests.add(Digest.of(bytes(Digest.LENGTH).unsafeArray()));
    }
    return digests;
  }

  void end() throws Malformed {
    if (at != bytes.size()) {
      throw new Malformed(bytes.size() - at + " bytes left (expected: none)");
    }
  }
}

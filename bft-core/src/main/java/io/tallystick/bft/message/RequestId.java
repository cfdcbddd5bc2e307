package io.tallystick.bft.message;

import io.tallystick.crypto.Bytes;

/** A request's id: 16 bytes that its principal chose, and that name one request of his only. */
public record RequestId(Bytes bytes) implements Comparable<RequestId> {
  /** Length in bytes. */
  public static final int LENGTH = 16;

  /** Checks the length. */
  public RequestId {
    if (bytes.size() != LENGTH) {
      throw new IllegalArgumentException("request id: " + bytes.size() + " bytes (expected: 16)");
    }
  }

  /** Parses 32 hex digits. */
  public static RequestId fromHex(String hex) {
    return new RequestId(Bytes.fromHex(hex));
  }

  @Override
  public int compareTo(RequestId other) {
    return bytes.compareTo(other.bytes);
  }

  /** 32 lowercase hex digits. */
  @Override
  public String toString() {
    return bytes.toHex();
  }
}

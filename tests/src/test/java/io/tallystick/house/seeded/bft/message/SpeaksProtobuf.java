package io.tallystick.house.seeded.bft.message;

import com.google.protobuf.ByteString;

/** Only {@code codec} encodes. */
public final class SpeaksProtobuf {
  public ByteString bytes() {
    return ByteString.EMPTY;
  }
}

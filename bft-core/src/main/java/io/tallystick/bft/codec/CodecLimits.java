package io.tallystick.bft.codec;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.Quorums;

/**
 * Most that a decoder takes of anything, in numbers and bytes. What genesis decides comes from the
 * parameters; the rest is fixed.
 */
record CodecLimits(Parameters parameters) {
  static final int STREAM_BYTES_MAX = 128;
  static final int TEXT_BYTES_MAX = 255;
  static final int DETAIL_BYTES_MAX = 512;
  static final int VERSION_BYTES_MAX = 64;
  static final int QUESTION_BYTES_MAX = 64 << 10;
  static final int REPLICAS_MAX = Quorums.REPLICAS_MAX;

  /** Largest message as a whole. */
  int messageBytesMax() {
    return parameters.frameBytesMax();
  }

  /** Most digests of one fetch. */
  int fetchDigestsMax() {
    return parameters.fetchDigestsMax();
  }
}

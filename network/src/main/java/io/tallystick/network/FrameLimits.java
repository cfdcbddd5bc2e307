package io.tallystick.network;

import io.tallystick.bft.membership.Parameters;

/** How large a payload each direction may carry, by the cluster's parameters. */
final class FrameLimits {
  // What a request of a bundle needs besides its payload: names, id, salt, commitment, field tags.
  private static final int REQUEST_BYTES = 1 << 10;
  private static final int BUNDLE_BYTES = 4 << 10;

  private FrameLimits() {}

  /** Between replicas, and from a replica to a client. */
  static int ofReplica(Parameters parameters) {
    return parameters.frameBytesMax();
  }

  /** From a client to a replica: one bundle of the largest kind. */
  static int ofClient(Parameters parameters) {
    long bytes =
        parameters.bundleBytesMax()
            + (long) parameters.bundleRequestsMax() * REQUEST_BYTES
            + BUNDLE_BYTES;
    return (int) Math.min(bytes, parameters.frameBytesMax());
  }
}

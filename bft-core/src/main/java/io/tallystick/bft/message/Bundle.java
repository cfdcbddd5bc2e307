package io.tallystick.bft.message;

import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.StatementWriter;
import io.tallystick.crypto.merkle.CompactRange;
import io.tallystick.crypto.merkle.Rfc6962;
import java.util.List;

/**
 * Requests that a client signed together, once.
 *
 * @param client the key that signed, and by which the client is known
 * @param requests at least one
 * @param digest SHA-256 of {@link #signedBytes}
 * @param signature the client's, over {@link #signedBytes}
 */
public record Bundle(PublicKey client, List<Request> requests, Digest digest, Signature signature) {
  /** What {@link #weightBytes} counts for a bundle besides its requests. */
  public static final int OVERHEAD_BYTES = 160;

  /** Copies the list. */
  public Bundle {
    requests = List.copyOf(requests);
  }

  /** The layout that the client signs ("bundle digest"); its SHA-256 names the bundle. */
  public static byte[] signedBytes(Digest cluster, PublicKey client, List<Request> requests) {
    CompactRange leaves = new CompactRange();
    for (Request request : requests) {
      leaves.append(Rfc6962.leafHash(request.leaf()));
    }
    return StatementWriter.context("bundle")
        .digest(cluster)
        .raw(client.encoded())
        .u32(requests.size())
        .digest(leaves.root())
        .toArray();
  }

  /** Sum of the payloads' sizes, in bytes. */
  public long contentBytes() {
    long sum = 0;
    for (Request request : requests) {
      sum += request.payload().content().size();
    }
    return sum;
  }

  /** Bound on what it occupies in a frame, in the journal or in memory: contents and overheads. */
  public long weightBytes() {
    long sum = OVERHEAD_BYTES;
    for (Request request : requests) {
      sum += request.weightBytes();
    }
    return sum;
  }
}

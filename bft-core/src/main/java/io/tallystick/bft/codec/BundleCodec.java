package io.tallystick.bft.codec;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.List;

/** What clients sign, and what orders it: requests, bundles, batches. */
record BundleCodec(CodecLimits limits) {

  static void write(WireWriter out, Bundle bundle) {
    out.messages(4, bundle.requests(), request -> write(out, request));
    out.bytes(3, bundle.signature().encoded());
    out.bytes(2, bundle.digest().unsafeArray());
    out.bytes(1, bundle.client().encoded());
  }

  static void write(WireWriter out, Batch batch) {
    out.flag(3, batch.isNull());
    writeDigests(out, 2, batch.bundles());
    if (!batch.isNull()) {
      out.integer(1, batch.timestampMicros());
    }
  }

  static void writeDigests(WireWriter out, int field, List<Digest> digests) {
    for (int i = digests.size() - 1; i >= 0; i--) {
      out.bytes(field, digests.get(i).unsafeArray());
    }
  }

  Bundle bundle(WireReader in) throws MalformedMessage {
    var client = in.publicKey(1, "client");
    Digest digest = in.digest(2, "digest");
    var signature = in.signature(3, "signature");
    var count = new WireReader.Count(1, limits.parameters().bundleRequestsMax());
    Budget budget = new Budget(limits.parameters().bundleBytesMax());
    List<Request> requests = in.messages(4, "requests", count, nested -> request(nested, budget));
    return new Bundle(client, requests, digest, signature);
  }

  Batch batch(WireReader in) throws MalformedMessage {
    long timestamp = in.number(1, "timestamp_micros");
    List<Digest> bundles = in.digests(2, "bundles", 0, limits.parameters().batchBundlesMax());
    boolean isNull = in.flag(3, "null_batch");
    if (!isNull) {
      return new Batch(timestamp, bundles);
    }
    if (timestamp != 0 || !bundles.isEmpty()) {
      throw new MalformedMessage("null_batch", "set beside other fields (expected: alone)");
    }
    return Batch.NULL;
  }

  private static void write(WireWriter out, Request request) {
    out.integer(9, request.deadlineMicros());
    out.bytes(8, request.payload().commitment().unsafeArray());
    out.bytes(7, request.payload().content());
    out.bytes(6, request.payload().salt());
    out.string(5, request.contentType());
    out.string(4, request.stream());
    out.bytes(3, request.id().bytes());
    out.string(2, request.principal());
    out.integer(1, request.kind().code());
  }

  private Request request(WireReader in, Budget budget) throws MalformedMessage {
    int code = (int) in.bounded(1, "kind", 0xff);
    RequestKind kind =
        RequestKind.of(code)
            .orElseThrow(() -> new MalformedMessage("kind", code + " (expected: 1 to 4)"));
    String principal = in.string(2, "principal", CodecLimits.TEXT_BYTES_MAX);
    RequestId id = new RequestId(in.exactly(3, "id", RequestId.LENGTH));
    String stream = in.string(4, "stream", CodecLimits.STREAM_BYTES_MAX);
    String contentType = in.string(5, "content_type", CodecLimits.TEXT_BYTES_MAX);
    Bytes salt = in.exactly(6, "salt", Payload.SALT_LENGTH);
    Bytes content = in.bytes(7, "content", budget.most(limits.parameters().payloadBytesMax()));
    budget.spend(content.size());
    Digest commitment = in.digest(8, "commitment");
    long deadline = in.number(9, "deadline_micros");
    Payload payload = new Payload(salt, content, commitment);
    return new Request(kind, principal, id, stream, contentType, payload, deadline);
  }

  /** Bytes of content that a bundle may still hold. */
  private static final class Budget {
    private int left;

    Budget(int left) {
      this.left = left;
    }

    int most(int max) {
      return Math.min(left, max);
    }

    void spend(int bytes) {
      left -= bytes;
    }
  }
}

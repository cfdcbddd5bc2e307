package io.tallystick.bft.verify;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must hold of bundles and batches, whoever sends them. */
final class BundleChecks {
  private static final Pattern STREAM = Pattern.compile("[a-z0-9][a-z0-9._-]{0,127}");
  private static final int NAME_BYTES_MAX = 255;

  private final Digest cluster;
  private final Parameters parameters;
  private final SignatureCheck signatures;

  BundleChecks(Digest cluster, Parameters parameters, SignatureCheck signatures) {
    this.cluster = cluster;
    this.parameters = parameters;
    this.signatures = signatures;
  }

  @Nullable Failure bundle(Bundle bundle) {
    Failure size = sizes(bundle);
    if (size != null) {
      return size;
    }
    for (Request request : bundle.requests()) {
      Failure failure = names(request);
      if (failure != null) {
        return failure;
      }
    }
    byte[] signed = Bundle.signedBytes(cluster, bundle.client(), bundle.requests());
    if (!Digest.sha256(signed).equals(bundle.digest())) {
      return new Failure(Fault.DIGEST_MISMATCH, "bundle " + bundle.digest());
    }
    if (!signatures.verify(bundle.client(), signed, bundle.signature())) {
      return new Failure(Fault.BAD_SIGNATURE, "bundle of client " + bundle.client());
    }
    // Last, because it is what costs most, and by now somebody stands for it.
    for (Request request : bundle.requests()) {
      Payload payload = request.payload();
      if (!Payload.commitment(payload.salt(), payload.content()).equals(payload.commitment())) {
        return new Failure(Fault.DIGEST_MISMATCH, "commitment of request " + request.id());
      }
    }
    return null;
  }

  @Nullable Failure batch(Batch batch) {
    int bundles = batch.bundles().size();
    if (bundles > parameters.batchBundlesMax()) {
      return over("bundles of a batch", bundles, parameters.batchBundlesMax());
    }
    if (batch.isNull() && (bundles != 0 || batch.timestampMicros() != -1)) {
      return new Failure(Fault.OUT_OF_PLACE, "null batch with more in it (expected: nothing)");
    }
    return null;
  }

  /** Whether these are the bundles that the batch names, in its order, and hold. */
  @Nullable Failure bodies(Batch batch, List<Bundle> bundles) {
    if (bundles.size() != batch.bundles().size()) {
      return new Failure(
          Fault.DIGEST_MISMATCH,
          "bundles: " + bundles.size() + " (expected: " + batch.bundles().size() + ")");
    }
    for (int i = 0; i < bundles.size(); i++) {
      if (!bundles.get(i).digest().equals(batch.bundles().get(i))) {
        return new Failure(
            Fault.DIGEST_MISMATCH,
            "bundle "
                + i
                + ": "
                + bundles.get(i).digest()
                + " (expected: "
                + batch.bundles().get(i)
                + ")");
      }
      Failure failure = bundle(bundles.get(i));
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private @Nullable Failure sizes(Bundle bundle) {
    int requests = bundle.requests().size();
    if (requests < 1 || requests > parameters.bundleRequestsMax()) {
      return over("requests of a bundle", requests, parameters.bundleRequestsMax());
    }
    if (bundle.contentBytes() > parameters.bundleBytesMax()) {
      return over("bytes of a bundle", bundle.contentBytes(), parameters.bundleBytesMax());
    }
    for (Request request : bundle.requests()) {
      int size = request.payload().content().size();
      if (size > parameters.payloadBytesMax()) {
        return over("bytes of a payload", size, parameters.payloadBytesMax());
      }
    }
    return null;
  }

  private static @Nullable Failure names(Request request) {
    if (!isName(request.principal()) || request.principal().isEmpty()) {
      return name("principal", request.principal(), "1 to 255 bytes, no control characters");
    }
    if (!isName(request.contentType())) {
      return name("content type", request.contentType(), "<= 255 bytes, no control characters");
    }
    boolean streamed = STREAM.matcher(request.stream()).matches();
    boolean fits =
        switch (request.kind()) {
          case APPEND -> streamed;
          case ADMIN, ERASE -> streamed || request.stream().isEmpty();
          case BARRIER -> request.stream().isEmpty();
        };
    if (!fits) {
      String expected =
          request.kind() == RequestKind.BARRIER ? "none" : "[a-z0-9][a-z0-9._-]{0,127}";
      return name("stream", request.stream(), expected);
    }
    if (request.payload().salt().size() != Payload.SALT_LENGTH) {
      return new Failure(
          Fault.OVER_LIMIT, "salt: " + request.payload().salt().size() + " bytes (expected: 32)");
    }
    if (request.deadlineMicros() < 0) {
      return new Failure(
          Fault.OVER_LIMIT, "deadline: " + request.deadlineMicros() + " (expected: >= 0)");
    }
    return null;
  }

  private static boolean isName(String name) {
    return name.codePoints().noneMatch(Character::isISOControl)
        && name.getBytes(StandardCharsets.UTF_8).length <= NAME_BYTES_MAX;
  }

  private static Failure name(String what, String was, String expected) {
    return new Failure(Fault.BAD_NAME, what + ": '" + was + "' (expected: " + expected + ")");
  }

  private static Failure over(String what, long was, long max) {
    return new Failure(Fault.OVER_LIMIT, what + ": " + was + " (expected: 1 to " + max + ")");
  }
}

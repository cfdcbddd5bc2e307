package io.tallystick.ledger.client;

import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.Request;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * A request whose caller waits.
 *
 * @param deadlineMicros empty while ledger time isn't known: it is set when the request is sent
 * @param sinceTicks when it came
 */
record Waiting(
    Submission submission,
    Payload payload,
    OptionalLong deadlineMicros,
    long sinceTicks,
    CompletableFuture<SubmitResult> result) {

  /** What it counts against the bound on bytes. */
  long bytes() {
    return payload.content().size();
  }

  /** The request that stands in a bundle; {@code otherwise} is its deadline if it has none yet. */
  Request request(long otherwise) {
    return new Request(
        submission.kind(),
        submission.principal(),
        submission.id(),
        submission.stream(),
        submission.contentType(),
        payload,
        deadlineMicros.orElse(otherwise));
  }
}

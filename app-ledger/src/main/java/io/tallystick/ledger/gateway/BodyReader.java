package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import io.tallystick.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Reads bodies into memory, each up to its limit, all together up to a budget. What is refused is
 * read on and thrown away, up to a bound: a caller that is still sending wouldn't see the answer.
 * For any thread.
 */
final class BodyReader {
  /** Most of a refused body that is read only to be thrown away, in bytes. */
  private static final long DISCARDED_BYTES_MAX = 64L << 20;

  private static final long RETRY_MILLIS = 1_000;

  private final long budgetBytes;
  private final AtomicLong heldBytes = new AtomicLong();

  /**
   * A body that is held against the budget until it is closed.
   *
   * @param bytes all of it
   */
  record Body(Bytes bytes, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  BodyReader(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /**
   * Reads the body of a request.
   *
   * @param what names it in a refusal
   * @return fails with {@link ProblemException}: 413 over {@code bytesMax}, 415 when it is encoded,
   *     503 when the budget is spent
   */
  CompletableFuture<Body> read(HttpRequest request, long bytesMax, String what) {
    CompletableFuture<Body> result = new CompletableFuture<>();
    String encoding = request.headers().get(HttpHeaderNames.CONTENT_ENCODING, "identity");
    Reading reading = new Reading(request, bytesMax, what, result);
    if (!encoding.equalsIgnoreCase("identity")) {
      reading.refused =
          Optional.of(
              Problem.of(
                      Problem.Kind.UNSUPPORTED_ENCODING,
                      "content-encoding: " + encoding + " (expected: none)")
                  .exception());
    }
    request.subscribe(reading);
    return result;
  }

  /** Throws a body away, and then answers with the refusal. */
  CompletableFuture<HttpResponse> refuse(HttpRequest request, ProblemException why) {
    CompletableFuture<Body> result = new CompletableFuture<>();
    Reading reading = new Reading(request, 0, "body", result);
    reading.refused = Optional.of(why);
    request.subscribe(reading);
    return result.handle((body, failure) -> why.problem().response());
  }

  /** Called by one thread at a time, as reactive streams have it. */
  private final class Reading implements Subscriber<HttpObject> {
    private final HttpRequest request;
    private final long bytesMax;
    private final String what;
    private final CompletableFuture<Body> result;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Optional<ProblemException> refused = Optional.empty();
    private @Nullable Subscription subscription;
    private long read;
    private long reserved;

    Reading(HttpRequest request, long bytesMax, String what, CompletableFuture<Body> result) {
      this.request = request;
      this.bytesMax = bytesMax;
      this.what = what;
      this.result = result;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(HttpObject object) {
      if (!(object instanceof HttpData data)) {
        return;
      }
      read += data.length();
      if (refused.isEmpty()) {
        take(data);
      }
      if (refused.isPresent() && read > DISCARDED_BYTES_MAX && subscription != null) {
        subscription.cancel();
        request.abort();
        result.completeExceptionally(refused.get());
      }
    }

    private void take(HttpData data) {
      if (read > bytesMax) {
        long declared = request.headers().getLong(HttpHeaderNames.CONTENT_LENGTH, -1);
        String found = declared < 0 ? "more than " + bytesMax : Long.toString(declared);
        refuse(
            Problem.of(
                Problem.Kind.TOO_LARGE,
                what + ": " + found + " bytes (expected: <= " + bytesMax + ")"));
      } else if (heldBytes.addAndGet(data.length()) > budgetBytes) {
        heldBytes.addAndGet(-data.length());
        String detail = "bodies held: " + heldBytes + " bytes (expected: <= " + budgetBytes + ")";
        refuse(Problem.retry(Problem.Kind.OVERLOADED, detail, RETRY_MILLIS));
      } else {
        reserved += data.length();
        content.writeBytes(data.array());
      }
    }

    private void refuse(Problem problem) {
      refused = Optional.of(problem.exception());
      release();
      content.reset();
    }

    private void release() {
      heldBytes.addAndGet(-reserved);
      reserved = 0;
    }

    @Override
    public void onError(Throwable failure) {
      release();
      result.completeExceptionally(
          Problem.of(Problem.Kind.BAD_REQUEST, what + ": ended before it was whole").exception());
    }

    @Override
    public void onComplete() {
      if (refused.isPresent()) {
        result.completeExceptionally(refused.get());
      } else {
        long held = reserved;
        result.complete(
            new Body(Bytes.wrap(content.toByteArray()), () -> heldBytes.addAndGet(-held)));
      }
    }
  }
}

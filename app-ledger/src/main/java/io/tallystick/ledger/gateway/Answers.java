package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.client.OverloadedException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes HTTP answers of what handlers come up with. */
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /** A JSON document that is not to be cached. */
  static HttpResponse json(int status, JsonObject body) {
    return HttpResponse.of(
        ResponseHeaders.builder(status)
            .contentType(MediaType.JSON)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
            .build(),
        HttpData.ofUtf8(CanonicalJson.text(body)));
  }

  /** Bytes of a type, with what caches may do with them. */
  static HttpResponse bytes(Bytes body, MediaType type, String cacheControl) {
    return HttpResponse.of(
        ResponseHeaders.builder(HttpStatus.OK)
            .contentType(type)
            .set(HttpHeaderNames.CACHE_CONTROL, cacheControl)
            .build(),
        HttpData.wrap(body.unsafeArray()));
  }

  /** Does something that reads files, on a thread that may block. */
  static HttpResponse blocking(ServiceRequestContext ctx, Callable<HttpResponse> work) {
    return after(CompletableFuture.completedFuture(true), ctx, work);
  }

  /** The same, once the copy has what was appended here (or doesn't get it for a while). */
  static HttpResponse settled(
      ServiceRequestContext ctx, Copies copies, Callable<HttpResponse> work) {
    return after(copies.settled(), ctx, work);
  }

  private static HttpResponse after(
      CompletableFuture<Boolean> first, ServiceRequestContext ctx, Callable<HttpResponse> work) {
    return HttpResponse.of(
        first.thenApplyAsync(
            known -> {
              try {
                return work.call();
              } catch (Exception e) {
                return failure(e);
              }
            },
            ctx.blockingTaskExecutor()));
  }

  /** An answer that comes later; failures become problem documents. */
  static HttpResponse later(CompletableFuture<HttpResponse> answer) {
    return HttpResponse.of(answer.exceptionally(Answers::failure));
  }

  /** The problem document of a failure; what nobody foresaw is logged. */
  static HttpResponse failure(Throwable failure) {
    return problem(failure).response();
  }

  /** What to say of a failure. */
  static Problem problem(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof ProblemException known) {
      return known.problem();
    }
    if (cause instanceof OverloadedException overloaded) {
      return Problem.retry(
          Problem.Kind.OVERLOADED,
          String.valueOf(overloaded.getMessage()),
          overloaded.retryMillis());
    }
    LOG.error("a call failed", cause);
    return Problem.of(Problem.Kind.INTERNAL, "see the gateway's log");
  }
}

package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/** Makes a problem document of whatever the server itself refuses, or a handler throws. */
final class Problems implements ServerErrorHandler {
  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext ctx, Throwable cause) {
    if (cause instanceof HttpStatusException refused) {
      return of(refused.httpStatus(), ctx.request().headers()).response();
    }
    if (cause instanceof RequestTimeoutException) {
      return Problem.retry(Problem.Kind.OVERLOADED, "the call took too long", 1_000).response();
    }
    return Answers.failure(cause);
  }

  @Override
  public @Nullable AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext ctx,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    return of(status, headers).response().aggregate().join();
  }

  private static Problem of(HttpStatus status, @Nullable RequestHeaders headers) {
    String call = headers == null ? "" : headers.method() + " " + headers.path();
    String shown = call.length() <= 200 ? call : call.substring(0, 200) + "…";
    return switch (status.code()) {
      case 404 ->
          Problem.of(
              Problem.Kind.NOT_FOUND, shown + " (expected: a call that /openapi.yaml lists)");
      case 405 ->
          Problem.of(
              Problem.Kind.METHOD_NOT_ALLOWED,
              shown + " (expected: a method that /openapi.yaml lists for the path)");
      case 413 -> Problem.of(Problem.Kind.TOO_LARGE, shown + ": the body is too large");
      case 503 -> Problem.retry(Problem.Kind.OVERLOADED, shown + ": the server is busy", 1_000);
      default ->
          status.isClientError()
              ? Problem.of(Problem.Kind.BAD_REQUEST, shown + ": " + status)
              : Problem.of(Problem.Kind.INTERNAL, shown + ": " + status);
    };
  }
}

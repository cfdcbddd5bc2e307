package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.entry.Names;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * {@code POST /v1/streams/{stream}/entries:batch}: appends each line of an NDJSON body as an entry
 * of its own, and answers a line each, in order. A line that is refused costs the others nothing.
 */
final class BatchService implements HttpService {
  private static final MediaType NDJSON = MediaType.create("application", "x-ndjson");
  private static final int ROWS_MILLIS = 10 * 60_000;

  private final Callers callers;
  private final BodyReader bodies;
  private final Appends appends;
  private final PrincipalLimits limits;
  private final Bounds bounds;

  /**
   * What bounds a batch.
   *
   * @param waitMillis until a line without outcome is answered as unknown
   */
  record Bounds(long waitMillis, long bodyBytesMax, int linesMax, long payloadBytesMax) {}

  BatchService(
      Callers callers, BodyReader bodies, Appends appends, PrincipalLimits limits, Bounds bounds) {
    this.callers = callers;
    this.bodies = bodies;
    this.appends = appends;
    this.limits = limits;
    this.bounds = bounds;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    try {
      return batch(ctx, request);
    } catch (ProblemException e) {
      return Answers.later(bodies.refuse(request, e));
    }
  }

  private HttpResponse batch(ServiceRequestContext ctx, HttpRequest request) {
    String stream = AppendService.stream(ctx);
    Claims caller = callers.caller(request.headers(), Scope.APPEND, stream);
    Optional<String> key =
        Optional.ofNullable(request.headers().get("idempotency-key")).map(RequestKeys::parse);
    ctx.setRequestTimeoutMillis(ROWS_MILLIS);
    return Answers.later(
        bodies
            .read(request, bounds.bodyBytesMax(), "batch")
            .thenApply(body -> run(body, caller.principal(), stream, key)));
  }

  private HttpResponse run(
      BodyReader.Body body, String principal, String stream, Optional<String> key) {
    List<BatchLines.Line> lines;
    try {
      lines = BatchLines.cut(body.bytes(), bounds.linesMax());
    } catch (ProblemException e) {
      body.close();
      throw e;
    }
    HttpResponseWriter writer = HttpResponse.streaming();
    boolean open =
        writer.tryWrite(
            ResponseHeaders.builder(200)
                .contentType(NDJSON)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .add(limits.headers(principal))
                .build());
    if (!open) {
      body.close();
      return writer;
    }
    new BatchRun(lines, line -> row(line, principal, stream, key), writer, body::close).advance();
    return writer;
  }

  private CompletableFuture<JsonObject> row(
      BatchLines.Line line, String principal, String stream, Optional<String> key) {
    Optional<Problem> fault = fault(line);
    if (fault.isPresent()) {
      return CompletableFuture.completedFuture(row(line, new Appended.Refused(fault.get())));
    }
    RequestId id =
        key.map(text -> RequestKeys.id(principal, stream, text, OptionalInt.of(line.number())))
            .orElseGet(RequestKeys::draw);
    return appends
        .append(
            new Appends.Append(principal, id, key.isPresent(), stream, Names.JSON, line.content()),
            bounds.waitMillis())
        .thenApply(appended -> row(line, appended));
  }

  private Optional<Problem> fault(BatchLines.Line line) {
    if (line.content().size() > bounds.payloadBytesMax()) {
      return Optional.of(
          Problem.of(
              Problem.Kind.TOO_LARGE,
              "line %d: %d bytes (expected: <= %d bytes)"
                  .formatted(line.number(), line.content().size(), bounds.payloadBytesMax())));
    }
    String fault = BatchLines.fault(line.content());
    return fault.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                Problem.Kind.BAD_LINE,
                "line " + line.number() + ": " + fault + " (expected: one JSON value)"));
  }

  private static JsonObject row(BatchLines.Line line, Appended appended) {
    JsonObject row = new JsonObject().put("line", line.number());
    return switch (appended) {
      case Appended.Recorded recorded ->
          row.put("status", recorded.status()).put("receipt", recorded.receipt());
      case Appended.Unknown unknown -> row.put("status", 202).put("request", unknown.json());
      case Appended.Refused(Problem problem) ->
          row.put("status", problem.kind().status()).put("problem", problem.json());
    };
  }
}

package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.entry.Names;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /v1/streams/{stream}/entries}: appends one entry; the body is its payload. */
final class AppendService implements HttpService {
  private static final String DEFAULT_TYPE = "application/octet-stream";

  private final Callers callers;
  private final BodyReader bodies;
  private final Appends appends;
  private final PrincipalLimits limits;
  private final Waits waits;

  /**
   * How long and how much.
   *
   * @param waitMillis until an append without outcome is answered as unknown
   * @param payloadBytesMax largest payload
   */
  record Waits(long waitMillis, long payloadBytesMax) {}

  AppendService(
      Callers callers, BodyReader bodies, Appends appends, PrincipalLimits limits, Waits waits) {
    this.callers = callers;
    this.bodies = bodies;
    this.appends = appends;
    this.limits = limits;
    this.waits = waits;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    try {
      return append(ctx, request);
    } catch (ProblemException e) {
      return Answers.later(bodies.refuse(request, e));
    }
  }

  private HttpResponse append(ServiceRequestContext ctx, HttpRequest request) {
    RequestHeaders headers = request.headers();
    String stream = stream(ctx);
    Claims caller = callers.caller(headers, Scope.APPEND, stream);
    String contentType = contentType(headers);
    Optional<String> key =
        Optional.ofNullable(headers.get("idempotency-key")).map(RequestKeys::parse);
    RequestId id =
        key.map(text -> RequestKeys.id(caller.principal(), stream, text, OptionalInt.empty()))
            .orElseGet(RequestKeys::draw);
    long waitMillis = prefersAsync(headers) ? 0 : waits.waitMillis();
    return Answers.later(
        bodies
            .read(request, waits.payloadBytesMax(), "payload")
            .thenCompose(
                body ->
                    appends
                        .append(
                            new Appends.Append(
                                caller.principal(),
                                id,
                                key.isPresent(),
                                stream,
                                contentType,
                                body.bytes()),
                            waitMillis)
                        .whenComplete((answer, failed) -> body.close()))
            .thenApply(answer -> response(answer, caller.principal())));
  }

  /**
   * The stream that a path names, fit to be appended to.
   *
   * @throws ProblemException when no client may name it
   */
  static String stream(ServiceRequestContext ctx) {
    String stream = ctx.pathParam("stream");
    if (stream == null || !Names.isStream(stream)) {
      throw Problem.of(
              Problem.Kind.BAD_STREAM,
              "stream: \"" + stream + "\" (expected: [a-z0-9][a-z0-9._-]{0,127})")
          .exception();
    }
    return stream;
  }

  private static String contentType(RequestHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, DEFAULT_TYPE);
    if (!Names.isContentType(type)) {
      throw Problem.of(
              Problem.Kind.BAD_CONTENT_TYPE,
              "Content-Type: "
                  + type.length()
                  + " characters (expected: 1 to "
                  + Names.CONTENT_TYPE_BYTES_MAX
                  + " of printable ASCII)")
          .exception();
    }
    return type;
  }

  private static boolean prefersAsync(RequestHeaders headers) {
    return headers.getAll("prefer").stream()
        .anyMatch(prefer -> prefer.replace(" ", "").contains("respond-async"));
  }

  private HttpResponse response(Appended appended, String principal) {
    return switch (appended) {
      case Appended.Recorded recorded ->
          HttpResponse.of(
              headers(recorded.status(), principal)
                  .set(HttpHeaderNames.LOCATION, "/v1/entries/" + recorded.index())
                  .build(),
              text(recorded.receipt()));
      case Appended.Unknown unknown ->
          HttpResponse.of(
              headers(202, principal)
                  .set(HttpHeaderNames.LOCATION, unknown.link())
                  .setLong(HttpHeaderNames.RETRY_AFTER, 1)
                  .build(),
              text(unknown.json()));
      case Appended.Refused(Problem problem) ->
          problem
              .response()
              .mapHeaders(headers -> headers.toBuilder().add(limits.headers(principal)).build());
    };
  }

  private ResponseHeadersBuilder headers(int status, String principal) {
    return ResponseHeaders.builder(status)
        .contentType(MediaType.JSON)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
        .add(limits.headers(principal));
  }

  private static HttpData text(JsonObject json) {
    return HttpData.ofUtf8(CanonicalJson.text(json));
  }
}

package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import java.util.OptionalLong;

/**
 * Why a call isn't done, as a problem document (RFC 9457).
 *
 * @param kind decides type, title and status
 * @param detail which limit or rule, what was found, what would be right
 * @param retrySeconds after which another try is worth it; empty when none is
 */
record Problem(Kind kind, String detail, OptionalLong retrySeconds) {
  private static final String TYPE = "urn:tallystick:problem:";
  static final MediaType JSON = MediaType.create("application", "problem+json");

  /** Kinds of problems; a kind's type URI never changes its meaning. */
  enum Kind {
    BAD_REQUEST(400, "The request is malformed"),
    BAD_STREAM(400, "No stream can have this name"),
    BAD_PARAMETER(400, "A parameter is malformed"),
    BAD_IDEMPOTENCY_KEY(400, "The idempotency key is malformed"),
    BAD_CONTENT_TYPE(400, "The content type can't be recorded"),
    BAD_LINE(400, "The line isn't JSON"),
    NO_TOKEN(401, "A bearer token is needed"),
    BAD_TOKEN(401, "The token doesn't hold"),
    NOT_ALLOWED(403, "The token doesn't allow this"),
    NOT_GRANTED(403, "The ledger grants this gateway no such append"),
    NOT_FOUND(404, "There is nothing here"),
    NO_SUCH_ENTRY(404, "There is no such entry"),
    METHOD_NOT_ALLOWED(405, "The method isn't allowed here"),
    STILL_RUNNING(409, "A request with this idempotency key is still running"),
    TOO_LARGE(413, "The body is too large"),
    UNSUPPORTED_ENCODING(415, "The content encoding isn't supported"),
    ID_REUSED(422, "The idempotency key was used for another request"),
    REJECTED(422, "The ledger rejected the request"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "The gateway failed"),
    OVERLOADED(503, "The gateway or the cluster has too much to do"),
    NO_CLUSTER(503, "Too few replicas are reachable"),
    COPY_BEHIND(503, "The gateway's copy of the ledger is behind"),
    EXPIRED(503, "The request was not recorded before its deadline"),
    NOT_READY(503, "The gateway isn't ready");

    private final int status;
    private final String title;

    Kind(int status, String title) {
      this.status = status;
      this.title = title;
    }

    int status() {
      return status;
    }

    /** The type URI. */
    String type() {
      return TYPE + name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  static Problem of(Kind kind, String detail) {
    return new Problem(kind, detail, OptionalLong.empty());
  }

  /** Worth another try after so many milliseconds, rounded up to seconds. */
  static Problem retry(Kind kind, String detail, long millis) {
    return new Problem(kind, detail, OptionalLong.of(Math.max(1, (millis + 999) / 1_000)));
  }

  /** The document's members. */
  JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("type", kind.type())
            .put("title", kind.title)
            .put("status", kind.status)
            .put("detail", detail);
    retrySeconds.ifPresent(seconds -> json.put("retry_after", seconds));
    return json;
  }

  /** The answer. */
  HttpResponse response() {
    ResponseHeadersBuilder headers =
        ResponseHeaders.builder(kind.status)
            .contentType(JSON)
            .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    if (kind.status == 401) {
      String error = kind == Kind.BAD_TOKEN ? ", error=\"invalid_token\"" : "";
      headers.set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"tallystick\"" + error);
    }
    retrySeconds.ifPresent(seconds -> headers.setLong(HttpHeaderNames.RETRY_AFTER, seconds));
    return HttpResponse.of(headers.build(), HttpData.ofUtf8(CanonicalJson.text(json())));
  }

  /** To be thrown out of a handler; costs no stack trace, since callers cause it. */
  ProblemException exception() {
    return new ProblemException(this);
  }
}

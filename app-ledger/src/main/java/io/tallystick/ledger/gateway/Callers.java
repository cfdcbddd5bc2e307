package io.tallystick.ledger.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.config.Token;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.crypto.PublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Tells callers by their bearer tokens, and what these allow. For any thread. */
final class Callers {
  private static final int REMEMBERED = 4_096;
  private static final String BEARER = "bearer ";

  private final PublicKey tokenKey;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final Cache<String, Claims> known = Caffeine.newBuilder().maximumSize(REMEMBERED).build();

  Callers(PublicKey tokenKey, InstantSource clock, MeterRegistry meters) {
    this.tokenKey = tokenKey;
    this.clock = clock;
    this.meters = meters;
  }

  /**
   * Who calls.
   *
   * @throws ProblemException 401 without a token that holds
   */
  Claims caller(RequestHeaders headers) {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "");
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw refuse(
          Problem.Kind.NO_TOKEN, "none", "Authorization: absent (expected: Bearer and a token)");
    }
    String text = header.substring(BEARER.length()).strip();
    long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    Claims claims = known.getIfPresent(text);
    if (claims != null && nowMicros < claims.expiresMicros()) {
      return claims;
    }
    return switch (Token.verify(tokenKey, text, nowMicros)) {
      case Token.Verdict.Valid(Claims valid) -> {
        known.put(text, valid);
        yield valid;
      }
      case Token.Verdict.Refused(Token.Reason reason) ->
          throw refuse(
              Problem.Kind.BAD_TOKEN,
              reason.name(),
              "token: " + reason.text() + " (expected: one that this gateway's operator issued)");
    };
  }

  /**
   * Who calls, if the token allows that on the stream.
   *
   * @throws ProblemException 401 or 403
   */
  Claims caller(RequestHeaders headers, Scope scope, String stream) {
    Claims claims = caller(headers, scope);
    if (!claims.allows(scope, stream)) {
      throw refuse(
          Problem.Kind.NOT_ALLOWED,
          "stream",
          "stream " + stream + " (expected: one of " + claims.streams() + ")");
    }
    return claims;
  }

  /**
   * Who calls, if the token has that scope, for whatever streams.
   *
   * @throws ProblemException 401 or 403
   */
  Claims caller(RequestHeaders headers, Scope scope) {
    Claims claims = caller(headers);
    if (!claims.scopes().contains(scope)) {
      throw refuse(
          Problem.Kind.NOT_ALLOWED,
          "scope",
          "the token's scopes: "
              + lower(claims.scopes())
              + " (expected: "
              + lower(scope)
              + " among them)");
    }
    return claims;
  }

  private ProblemException refuse(Problem.Kind kind, String reason, String detail) {
    meters.counter("tally_gateway_auth_failures", "reason", reason).increment();
    return Problem.of(kind, detail).exception();
  }

  private static String lower(Object scopes) {
    return scopes.toString().toLowerCase(Locale.ROOT);
  }
}

package io.tallystick.ledger.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How much each principal may ask for: so many requests a second, saved up for one second at most,
 * and so many unfinished at a time. For any thread.
 */
final class PrincipalLimits {
  /** Principals that are remembered; one that is forgotten starts afresh. */
  private static final int REMEMBERED = 16_384;

  private final int perSecond;
  private final int unfinishedMax;
  private final LongSupplier nanos;
  private final Cache<String, Account> accounts;

  PrincipalLimits(int perSecond, int unfinishedMax, LongSupplier nanos) {
    this.perSecond = perSecond;
    this.unfinishedMax = unfinishedMax;
    this.nanos = nanos;
    this.accounts =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .expireAfterAccess(10, TimeUnit.MINUTES)
            .build();
  }

  /** What one principal has left. */
  final class Account {
    private double left = perSecond;
    private long atNanos = nanos.getAsLong();
    private int unfinished;

    /**
     * Takes one request.
     *
     * @throws ProblemException 429 when it is one too many
     */
    synchronized void take() {
      refill();
      if (unfinished >= unfinishedMax) {
        throw Problem.retry(
                Problem.Kind.TOO_MANY_REQUESTS,
                "unfinished requests: " + unfinished + " (expected: < " + unfinishedMax + ")",
                1_000)
            .exception();
      }
      if (left < 1) {
        throw Problem.retry(
                Problem.Kind.TOO_MANY_REQUESTS,
                "requests a second: more than " + perSecond + " (expected: at most that)",
                1_000)
            .exception();
      }
      left -= 1;
      unfinished++;
    }

    /** A request that was taken is finished. */
    synchronized void finished() {
      unfinished--;
    }

    private void refill() {
      long now = nanos.getAsLong();
      left = Math.min(perSecond, left + (now - atNanos) * 1e-9 * perSecond);
      atNanos = now;
    }

    private synchronized long left() {
      refill();
      return (long) left;
    }
  }

  /** The account of a principal. */
  Account of(String principal) {
    return accounts.get(principal, name -> new Account());
  }

  /** The RateLimit headers for a principal (draft-ietf-httpapi-ratelimit-headers). */
  HttpHeaders headers(String principal) {
    HttpHeadersBuilder headers = HttpHeaders.builder();
    headers.add("ratelimit-policy", "\"principal\";q=" + perSecond + ";w=1");
    headers.add("ratelimit", "\"principal\";r=" + of(principal).left() + ";t=1");
    return headers.build();
  }
}

package io.tallystick.ledger.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.client.Submission;
import io.tallystick.ledger.client.SubmitResult;
import io.tallystick.ledger.client.Submitted;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Appends for callers, at most once for each id. Before a request with an idempotency key is sent,
 * the copy must reach far enough that the key is either in the copy or still among the outcomes
 * which replicas remember when the request is executed; so no key makes a second entry, however old
 * it is. For any thread.
 */
final class Appends {
  private final Ledger ledger;
  private final Copies copies;
  // One thread looks keys up and sends, so that a batch's lines are ordered as they stand in it.
  private final Executor lane =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("gateway-keys").factory());
  private final long rememberedMicros;
  private final PrincipalLimits limits;
  private final int runningMax;
  private final Executor blocking;
  private final Timer latency;
  private final Map<Key, Running> running = new ConcurrentHashMap<>();

  private record Key(String principal, RequestId id) {}

  /** A request of this gateway whose outcome is open. */
  private record Running(OptionalLong deadlineMicros) {}

  /**
   * What to append.
   *
   * @param keyed whether the id comes from an idempotency key, so may have been used before
   */
  record Append(
      String principal,
      RequestId id,
      boolean keyed,
      String stream,
      String contentType,
      Bytes content) {}

  /**
   * What bounds appends.
   *
   * @param deadlineMillisMax M: replicas remember outcomes for twice that
   * @param runningMax most appends without an outcome, of all callers
   */
  record Bounds(long deadlineMillisMax, int runningMax, PrincipalLimits principals) {}

  /**
   * Makes one.
   *
   * @param blocking runs what reads the copy's files
   */
  Appends(Ledger ledger, Copies copies, Bounds bounds, Executor blocking, MeterRegistry meters) {
    this.ledger = ledger;
    this.copies = copies;
    this.rememberedMicros = 2 * bounds.deadlineMillisMax() * 1_000;
    this.limits = bounds.principals();
    this.runningMax = bounds.runningMax();
    this.blocking = blocking;
    this.latency = meters.timer("tally_gateway_append_seconds");
    meters.gaugeMapSize("tally_gateway_appends_running", List.of(), running);
  }

  /**
   * Appends.
   *
   * @param waitMillis when there is no outcome after this long, the answer is that it is unknown
   */
  CompletableFuture<Appended> append(Append append, long waitMillis) {
    PrincipalLimits.Account account = limits.of(append.principal());
    Key key = new Key(append.principal(), append.id());
    try {
      account.take();
    } catch (ProblemException e) {
      return CompletableFuture.completedFuture(new Appended.Refused(e.problem()));
    }
    if (running.size() >= runningMax) {
      account.finished();
      String detail = "appends running: " + runningMax + " (expected: fewer)";
      Problem problem = Problem.retry(Problem.Kind.OVERLOADED, detail, 1_000);
      return CompletableFuture.completedFuture(new Appended.Refused(problem));
    }
    if (running.putIfAbsent(key, new Running(ledger.expectedLedgerMicros())) != null) {
      account.finished();
      Problem problem =
          Problem.retry(
              Problem.Kind.STILL_RUNNING,
              "the request with this key has no outcome yet (expected: another try later)",
              1_000);
      return CompletableFuture.completedFuture(new Appended.Refused(problem));
    }
    Runnable finished =
        () -> {
          running.remove(key);
          account.finished();
        };
    return begin(append, key, waitMillis, finished).exceptionally(Appends::refused);
  }

  private static Appended refused(Throwable failure) {
    return new Appended.Refused(Answers.problem(failure));
  }

  private CompletableFuture<Appended> begin(
      Append append, Key key, long waitMillis, Runnable finished) {
    CompletableFuture<Optional<Appended>> earlier =
        append.keyed()
            ? CompletableFuture.supplyAsync(() -> earlier(append), lane)
            : CompletableFuture.completedFuture(Optional.empty());
    return earlier
        .whenComplete(
            (found, failed) -> {
              if (failed != null || found.isPresent()) {
                finished.run();
              }
            })
        .thenCompose(
            found ->
                found
                    .map(CompletableFuture::completedFuture)
                    .orElseGet(() -> send(append, key, waitMillis, finished)));
  }

  /** What the copy says of a key, once it reaches back to where replicas remember it. */
  private Optional<Appended> earlier(Append append) {
    requireRecent(copies.head());
    try {
      OptionalLong index = copies.copy().find(append.principal(), append.id());
      return index.isEmpty()
          ? Optional.empty()
          : Optional.of(repeated(append, index.getAsLong(), true));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Refuses while the copy doesn't reach back to where replicas remember: a request is executed at
   * its deadline at the latest, less than M from now; "certainly not" may be said until M after
   * that; and what replicas forget by then is older by 2M. So a copy less than M/2 behind, with a
   * deadline at most M/2 ahead, leaves nothing between.
   */
  private void requireRecent(CopyHead head) {
    OptionalLong now = ledger.expectedLedgerMicros();
    if (now.isEmpty()) {
      throw unknownTime().exception();
    }
    long behindMillis = (now.getAsLong() - head.timeMicros()) / 1_000;
    long behindMillisMax = rememberedMicros / 4_000;
    if (behindMillis > behindMillisMax) {
      throw Problem.retry(
              Problem.Kind.COPY_BEHIND,
              "the copy is "
                  + behindMillis
                  + " ms behind (expected: <= "
                  + behindMillisMax
                  + " ms, to know whether the key was used)",
              2_000)
          .exception();
    }
  }

  private static Problem unknownTime() {
    return Problem.retry(Problem.Kind.NO_CLUSTER, "ledger time isn't known yet", 1_000);
  }

  private Appended repeated(Append append, long index, boolean repeated) throws IOException {
    if (!copies.isSame(index, append.stream(), append.contentType(), append.content())) {
      return new Appended.Refused(idReused());
    }
    return new Appended.Recorded(index, copies.receipt(index, copies.head()), repeated);
  }

  private static Problem idReused() {
    return Problem.of(
        Problem.Kind.ID_REUSED,
        "the key was used with another body (expected: the same body, or another key)");
  }

  private CompletableFuture<Appended> send(
      Append append, Key key, long waitMillis, Runnable finished) {
    long startNanos = System.nanoTime();
    if (ledger.expectedLedgerMicros().isEmpty()) {
      finished.run();
      return CompletableFuture.completedFuture(new Appended.Refused(unknownTime()));
    }
    Submitted submitted;
    try {
      if (append.keyed()) {
        // Ledger time as it is known now: it may have become later since the copy was asked
        requireRecent(copies.head());
      }
      submitted = ledger.submit(submission(append));
    } catch (RuntimeException e) {
      finished.run();
      throw e;
    }
    running.replace(key, new Running(submitted.deadlineMicros()));
    CompletableFuture<Appended> answer =
        submitted
            .result()
            .whenComplete(
                (result, failed) -> {
                  latency.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
                  finished.run();
                })
            .thenCompose(result -> answer(append, result));
    if (submitted.deadlineMicros().isEmpty()) {
      return answer;
    }
    Appended unknown = new Appended.Unknown(append.id(), submitted.deadlineMicros().getAsLong());
    return waitMillis == 0 && !answer.isDone()
        ? CompletableFuture.completedFuture(unknown)
        : answer.copy().completeOnTimeout(unknown, waitMillis, TimeUnit.MILLISECONDS);
  }

  private static Submission submission(Append append) {
    return Submission.append(
        append.principal(), append.id(), append.stream(), append.contentType(), append.content());
  }

  private CompletableFuture<Appended> answer(Append append, SubmitResult result) {
    return switch (result) {
      case SubmitResult.Committed(var entry, boolean repeated) -> {
        copies.committed(entry.head().head().head().size());
        yield CompletableFuture.completedFuture(
            new Appended.Recorded(entry.index(), copies.receipt(entry), repeated));
      }
      case SubmitResult.CommittedAt(long index) -> fromCopy(append, index);
      case SubmitResult.Rejected(OutcomeKind kind, String reason) ->
          CompletableFuture.completedFuture(new Appended.Refused(rejected(kind, reason)));
      case SubmitResult.Unknown(long deadlineMicros) ->
          CompletableFuture.completedFuture(new Appended.Unknown(append.id(), deadlineMicros));
      case SubmitResult.Reached() ->
          throw new IllegalStateException("an append was answered as a barrier");
    };
  }

  private CompletableFuture<Appended> fromCopy(Append append, long index) {
    copies.committed(index + 1);
    return copies
        .covers(index + 1)
        .thenApplyAsync(
            covered -> {
              if (!covered) {
                // Truly committed, but unproved: the link will show the receipt
                return new Appended.Unknown(append.id(), ledger.expectedLedgerMicros().orElse(0));
              }
              try {
                return repeated(append, index, false);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            blocking);
  }

  static Problem rejected(OutcomeKind kind, String reason) {
    String why = reason.isEmpty() ? kind.toString() : reason;
    return switch (kind) {
      case NOT_GRANTED ->
          Problem.of(
              Problem.Kind.NOT_GRANTED,
              "no grant for this gateway, principal and stream now (expected: one in the ledger)");
      case ID_REUSED -> idReused();
      case EXPIRED ->
          Problem.retry(
              Problem.Kind.EXPIRED, "certainly not recorded (expected: another try)", 1_000);
      case BUSY, TOO_FAR -> Problem.retry(Problem.Kind.OVERLOADED, why, 2_000);
      default -> Problem.of(Problem.Kind.REJECTED, why);
    };
  }

  /** The deadline of a request that is running here; empty when none with this id is. */
  Optional<OptionalLong> running(String principal, RequestId id) {
    return Optional.ofNullable(running.get(new Key(principal, id))).map(Running::deadlineMicros);
  }
}

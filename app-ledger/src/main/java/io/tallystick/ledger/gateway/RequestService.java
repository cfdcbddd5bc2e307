package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.RequestId;
import io.tallystick.config.JsonObject;
import io.tallystick.config.Token.Claims;
import io.tallystick.config.Token.Scope;
import io.tallystick.ledger.client.Ledger;
import io.tallystick.ledger.entry.LedgerTime;
import io.tallystick.ledger.entry.MalformedEntryException;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * {@code GET /v1/requests/{id}?deadline=…}: how a request ended whose outcome was unknown. Ids
 * belong to principals: a caller asks for his own. The copy answers first, then the replicas, then
 * the copy again once it is past the deadline: what it lacks then is certainly not in the ledger.
 */
final class RequestService implements HttpService {
  private final Callers callers;
  private final Appends appends;
  private final Ledger ledger;
  private final Copies copies;

  private record Question(String principal, RequestId id, OptionalLong deadlineMicros) {}

  RequestService(Callers callers, Appends appends, Ledger ledger, Copies copies) {
    this.callers = callers;
    this.appends = appends;
    this.ledger = ledger;
    this.copies = copies;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) {
    Claims caller = callers.caller(request.headers(), Scope.APPEND);
    RequestId id = id(String.valueOf(ctx.pathParam("id")));
    Optional<OptionalLong> running = appends.running(caller.principal(), id);
    Question question = new Question(caller.principal(), id, deadline(ctx));
    if (running.isPresent()) {
      OptionalLong known = running.get();
      return Answers.json(200, pending(known.isPresent() ? known : question.deadlineMicros()));
    }
    return Answers.later(
        CompletableFuture.supplyAsync(() -> recorded(question), ctx.blockingTaskExecutor())
            .thenCompose(
                found ->
                    found
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> ask(ctx, question)))
            .thenApply(json -> Answers.json(200, json)));
  }

  private static RequestId id(String text) {
    if (!text.matches("[0-9a-f]{32}")) {
      throw Problem.of(
              Problem.Kind.NOT_FOUND, "request: \"" + text + "\" (expected: 32 hex digits)")
          .exception();
    }
    return RequestId.fromHex(text);
  }

  private static OptionalLong deadline(ServiceRequestContext ctx) {
    String text = ctx.queryParam("deadline");
    try {
      return text == null ? OptionalLong.empty() : OptionalLong.of(LedgerTime.parse(text));
    } catch (MalformedEntryException e) {
      throw Problem.of(Problem.Kind.BAD_PARAMETER, "deadline: " + e.getMessage()).exception();
    }
  }

  private Optional<JsonObject> recorded(Question question) {
    try {
      OptionalLong index = copies.copy().find(question.principal(), question.id());
      return index.isEmpty()
          ? Optional.empty()
          : Optional.of(
              state("committed", question.deadlineMicros())
                  .put("receipt", copies.receipt(index.getAsLong(), copies.head())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private CompletableFuture<JsonObject> ask(ServiceRequestContext ctx, Question question) {
    if (question.deadlineMicros().isEmpty()) {
      return CompletableFuture.completedFuture(
          pending(question.deadlineMicros())
              .put("reason", "unknown without ?deadline=, as in the link that came with 202"));
    }
    long deadlineMicros = question.deadlineMicros().getAsLong();
    return ledger
        .outcome(question.principal(), question.id(), deadlineMicros)
        .thenComposeAsync(
            outcome -> answer(question, outcome, ctx.blockingTaskExecutor()),
            ctx.blockingTaskExecutor());
  }

  private CompletableFuture<JsonObject> answer(
      Question question, Outcome outcome, Executor blocking) {
    return switch (outcome.kind()) {
      case COMMITTED ->
          copies
              .covers(outcome.index() + 1)
              .thenApplyAsync(
                  covered -> recorded(question).orElseGet(() -> pending(question.deadlineMicros())),
                  blocking);
      case REJECTED ->
          CompletableFuture.completedFuture(
              state("rejected", question.deadlineMicros()).put("reason", outcome.reason()));
      case ABSENT -> CompletableFuture.completedFuture(state("absent", question.deadlineMicros()));
      default -> CompletableFuture.completedFuture(fromCopyAlone(question));
    };
  }

  /** Replicas can't tell: not yet, or not any more. A copy past the deadline can. */
  private JsonObject fromCopyAlone(Question question) {
    CopyHead head = copies.head();
    Optional<JsonObject> recorded = recorded(question);
    if (recorded.isPresent()) {
      return recorded.get();
    }
    return head.timeMicros() > question.deadlineMicros().orElse(Long.MAX_VALUE)
        ? state("absent", question.deadlineMicros())
        : pending(question.deadlineMicros());
  }

  private static JsonObject pending(OptionalLong deadlineMicros) {
    return state("pending", deadlineMicros);
  }

  private static JsonObject state(String state, OptionalLong deadlineMicros) {
    JsonObject json = new JsonObject().put("state", state);
    deadlineMicros.ifPresent(micros -> json.put("deadline", LedgerTime.format(micros)));
    return json;
  }
}

package io.tallystick.ledger.client;

import io.tallystick.bft.client.OutcomePoll;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/**
 * Questions outside of bundles that wait for their answers, by query number: odd ones, since a
 * bundle client's are even. For the client's thread; futures are completed on it.
 */
final class Queries {
  private final Membership membership;
  private final ClientSettings settings;
  private final HeadKeys keys;
  private final BiConsumer<ReplicaId, Ask> sender;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private long nextQuery = 1;

  /** A question that is open until {@code untilTicks}. */
  private sealed interface Open {
    long untilTicks();

    record Read(ReplicaId replica, long untilTicks, CompletableFuture<Bytes> answer)
        implements Open {}

    record Head(ReplicaId replica, long untilTicks, CompletableFuture<Optional<LoggedHead>> answer)
        implements Open {}

    record Ended(OutcomePoll poll, long untilTicks, CompletableFuture<Outcome> answer)
        implements Open {}
  }

  Queries(
      Membership membership,
      ClientSettings settings,
      HeadKeys keys,
      BiConsumer<ReplicaId, Ask> sender) {
    this.membership = membership;
    this.settings = settings;
    this.keys = keys;
    this.sender = sender;
  }

  void read(ReplicaId replica, Bytes question, long ticks, CompletableFuture<Bytes> answer) {
    if (hasRoom(answer)) {
      long query = put(new Open.Read(replica, ticks + settings.queryMillis(), answer));
      sender.accept(replica, new AskRead(query, question));
    }
  }

  void head(ReplicaId replica, long ticks, CompletableFuture<Optional<LoggedHead>> answer) {
    if (hasRoom(answer)) {
      long query = put(new Open.Head(replica, ticks + settings.queryMillis(), answer));
      sender.accept(replica, new AskHead(query));
    }
  }

  void outcome(
      String principal,
      RequestId id,
      long deadlineMicros,
      long ticks,
      CompletableFuture<Outcome> answer) {
    if (hasRoom(answer)) {
      OutcomePoll poll = new OutcomePoll(membership.n(), membership.f(), deadlineMicros);
      long query = put(new Open.Ended(poll, ticks + settings.queryMillis(), answer));
      for (ReplicaId replica : membership.ids()) {
        sender.accept(replica, new AskOutcome(query, principal, id, deadlineMicros));
      }
    }
  }

  private boolean hasRoom(CompletableFuture<?> answer) {
    if (open.size() < settings.queriesMax()) {
      return true;
    }
    answer.completeExceptionally(
        new OverloadedException(
            "questions: " + open.size() + " wait (expected: < that)", settings.queryMillis()));
    return false;
  }

  private long put(Open question) {
    long query = nextQuery;
    nextQuery += 2;
    open.put(query, question);
    return query;
  }

  /** Takes an answer, if it is one to a question of here. */
  void answered(ReplicaId from, Answer answer) {
    switch (answer) {
      case ReadAnswer read -> {
        if (open.get(read.query()) instanceof Open.Read asked && asked.replica().equals(from)) {
          open.remove(read.query());
          asked.answer().complete(read.answer());
        }
      }
      case HeadAnswer head -> {
        if (open.get(head.query()) instanceof Open.Head asked && asked.replica().equals(from)) {
          open.remove(head.query());
          asked.answer().complete(head.head().filter(keys::published));
        }
      }
      case OutcomeAnswer outcome -> {
        if (open.get(outcome.query()) instanceof Open.Ended asked) {
          ended(from, outcome, asked);
        }
      }
      default -> {
        // Not an answer to a question: the bundle client's
      }
    }
  }

  private void ended(ReplicaId from, OutcomeAnswer outcome, Open.Ended asked) {
    Optional<Outcome> settled =
        asked.poll().answer(membership.indexOf(from), outcome.tip(), outcome.outcome());
    if (settled.isPresent() || asked.poll().heard() == membership.n()) {
      open.remove(outcome.query());
      asked.answer().complete(settled.orElse(Outcome.of(OutcomeKind.PENDING)));
    }
  }

  /** Ends what waited too long. Questions come in the order in which they run out. */
  void expire(long ticks) {
    var questions = open.values().iterator();
    while (questions.hasNext()) {
      Open question = questions.next();
      if (question.untilTicks() > ticks) {
        return;
      }
      questions.remove();
      end(question, "no answer within " + settings.queryMillis() + " ms");
    }
  }

  /** Ends all. */
  void close() {
    open.values().forEach(question -> end(question, "the client was closed"));
    open.clear();
  }

  private static void end(Open question, String why) {
    switch (question) {
      case Open.Read(ReplicaId replica, long until, CompletableFuture<Bytes> answer) ->
          answer.completeExceptionally(new QueryException(replica + ": " + why));
      case Open.Head(
              ReplicaId replica,
              long until,
              CompletableFuture<Optional<LoggedHead>> answer) ->
          answer.completeExceptionally(new QueryException(replica + ": " + why));
      case Open.Ended(OutcomePoll poll, long until, CompletableFuture<Outcome> answer) ->
          answer.complete(Outcome.of(OutcomeKind.PENDING));
    }
  }
}

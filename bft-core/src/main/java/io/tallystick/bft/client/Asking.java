package io.tallystick.bft.client;

import static java.util.Objects.requireNonNull;

import io.tallystick.bft.client.InFlight.Asked;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * After a deadline: asks all replicas how each request ended, a bounded number at a time, until f+1
 * say alike about each.
 */
final class Asking<P> {
  private final Membership membership;
  private final ClientLimits limits;
  private final Pace pace;
  private final Map<Long, InFlight> queries = new TreeMap<>();
  private long nextQuery = 2;

  Asking(Membership membership, ClientLimits limits, Pace pace) {
    this.membership = membership;
    this.limits = limits;
    this.pace = pace;
  }

  /** Asks for what is still open, those first that were asked for before. */
  void ask(InFlight one, long ticks, ClientEffects<P> out) {
    for (Asked asked : one.asked) {
      send(one, asked, out);
    }
    refill(one, out);
    one.dueTicks =
        Math.min(
            one.endTicks,
            ticks + pace.millis(limits.askMillis(), limits.askMillisMax(), one.attempts));
    one.attempts++;
  }

  private void refill(InFlight one, ClientEffects<P> out) {
    int free = limits.asksMax() - one.asked.size();
    for (int i = 0; i < one.resolved.length && free > 0; i++) {
      if (one.resolved[i] == null && !isAsked(one, i)) {
        OutcomePoll poll =
            new OutcomePoll(
                membership.n(), membership.f(), one.bundle.requests().get(i).deadlineMicros());
        Asked asked = new Asked(i, nextQuery, poll);
        nextQuery += 2;
        one.asked.add(asked);
        queries.put(asked.query(), one);
        send(one, asked, out);
        free--;
      }
    }
  }

  private static boolean isAsked(InFlight one, int request) {
    return one.asked.stream().anyMatch(asked -> asked.request() == request);
  }

  private void send(InFlight one, Asked asked, ClientEffects<P> out) {
    Request request = one.bundle.requests().get(asked.request());
    AskOutcome question =
        new AskOutcome(asked.query(), request.principal(), request.id(), request.deadlineMicros());
    for (ReplicaId id : membership.ids()) {
      out.send(id, question);
    }
  }

  /** The bundle that a query is about, unless it is answered or forgotten. */
  @Nullable InFlight asker(long query) {
    return queries.get(query);
  }

  /** Takes one replica's answer. */
  void answered(InFlight one, int replica, OutcomeAnswer answer) {
    for (int i = 0; i < one.asked.size(); i++) {
      Asked asked = one.asked.get(i);
      if (asked.query() == answer.query()) {
        asked
            .poll()
            .answer(replica, answer.tip(), answer.outcome())
            .ifPresent(outcome -> resolve(one, asked, outcome));
        return;
      }
    }
  }

  private void resolve(InFlight one, Asked asked, Outcome outcome) {
    one.resolved[asked.request()] = outcome;
    one.asked.remove(asked);
    queries.remove(asked.query());
  }

  /** Whether all requests are resolved; asks for the next ones if there is room. */
  boolean over(InFlight one, ClientEffects<P> out) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Outcome outcome : one.resolved) {
      if (outcome == null) {
        if (one.asked.size() <= limits.asksMax() / 2) {
          refill(one, out);
        }
        return false;
      }
      outcomes.add(requireNonNull(outcome));
    }
    one.decided = List.copyOf(outcomes);
    out.add(new ClientEffect.Decided<>(one.bundle.digest(), one.decided));
    out.add(
        one.anyCommitted()
            ? new ClientEffect.Unproven<>(one.bundle.digest(), one.decided)
            : new ClientEffect.Ended<>(one.bundle.digest(), one.decided));
    return true;
  }

  /** Forgets what was asked for a bundle. */
  void forget(InFlight one) {
    for (Asked asked : one.asked) {
      queries.remove(asked.query());
    }
    one.asked.clear();
  }
}

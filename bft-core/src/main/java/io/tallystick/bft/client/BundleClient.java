package io.tallystick.bft.client;

import static java.util.Objects.requireNonNull;

import io.tallystick.bft.client.InFlight.Stage;
import io.tallystick.bft.engine.Now;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.crypto.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * A client's side of the protocol for any number of bundles in flight (design 12).
 *
 * <p>A bundle goes to every replica. What f+1 replicas say alike is true; a receipt is held once a
 * quorum cosigned one head and one replica proved the entries in it. A deadline that passes turns
 * silence into questions, whose answers by f+1 replicas settle it. Liars cost time, never truth:
 * nothing is believed that could come from f replicas alone.
 *
 * <p>Pure: no clock, no thread, no I/O; jitter follows from a seed. Query ids of its questions are
 * even, so that its host may ask with odd ones on the same sessions. Bounded by {@link
 * ClientLimits}.
 *
 * @param <P> what the application's appendix proves, as its checker reads it
 */
public final class BundleClient<P> {
  private final Membership membership;
  private final ClientLimits limits;
  private final LedgerClock clock;
  private final Pace pace;
  private final Proving<P> proving;
  private final Asking<P> asking;
  private final Map<Digest, InFlight> bundles = new LinkedHashMap<>();
  private final TreeSet<Due> dues = new TreeSet<>();
  private final boolean[] reachable;
  private long armedTicks = Long.MAX_VALUE;

  private record Due(long ticks, Digest bundle) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTicks = Long.compare(ticks, other.ticks);
      return byTicks != 0 ? byTicks : bundle.compareTo(other.bundle);
    }
  }

  /**
   * A client with nothing in flight.
   *
   * @param seed of the jitter
   */
  public BundleClient(
      Membership membership,
      ClientLimits limits,
      HeadChecker heads,
      AppendixChecker<P> appendices,
      long seed) {
    this.membership = requireNonNull(membership, "membership");
    this.limits = requireNonNull(limits, "limits");
    this.clock = new LedgerClock(membership.n(), membership.f());
    this.pace = new Pace(seed);
    this.reachable = new boolean[membership.n()];
    this.proving = new Proving<>(membership, limits, pace, heads, appendices);
    this.asking = new Asking<>(membership, limits, pace);
  }

  /** Takes one event; appends what is to be done. */
  public void step(ClientEvent event, Now now, ClientEffects<P> out) {
    switch (event) {
      case ClientEvent.Submit(Bundle bundle) -> submit(bundle, now.ticks(), out);
      case ClientEvent.Abandon(Digest bundle) -> {
        InFlight one = bundles.get(bundle);
        if (one != null) {
          forget(one);
        }
      }
      case ClientEvent.Received(ReplicaId from, Answer answer) -> {
        int replica = membership.indexOf(from);
        if (replica >= 0) {
          receive(replica, answer, now.ticks(), out);
        }
      }
      case ClientEvent.Reachable(ReplicaId replica, boolean up) -> reach(replica, up, out);
      case ClientEvent.Tick() -> {
        armedTicks = Long.MAX_VALUE;
        expire(now.ticks(), out);
      }
    }
    if (!dues.isEmpty() && dues.first().ticks() < armedTicks) {
      armedTicks = dues.first().ticks();
      out.add(new ClientEffect.Arm<>(armedTicks));
    }
  }

  /** Bundles in flight. */
  public int inFlight() {
    return bundles.size();
  }

  /** Whether one more bundle may be submitted. */
  public boolean hasRoom() {
    return bundles.size() < limits.bundlesMax();
  }

  /** Ledger time that at least one correct replica has reached; empty until f+1 told theirs. */
  public OptionalLong ledgerMicros() {
    return clock.micros();
  }

  /** What ledger time should be by now: deadlines are set from it. */
  public OptionalLong expectedLedgerMicros(Now now) {
    return clock.extrapolatedMicros(now.ticks());
  }

  private void submit(Bundle bundle, long ticks, ClientEffects<P> out) {
    if (bundles.containsKey(bundle.digest())) {
      refuse(bundle.digest(), ClientEffect.Refusal.DUPLICATE, "in flight already", out);
      return;
    }
    if (!hasRoom()) {
      String detail = "bundles in flight: " + bundles.size() + " (expected: < that)";
      refuse(bundle.digest(), ClientEffect.Refusal.NO_ROOM, detail, out);
      return;
    }
    InFlight one = new InFlight(bundle, membership.n());
    long ahead = one.deadlineMicros - clock.extrapolatedMicros(ticks).orElse(one.deadlineMicros);
    one.deadlineTicks = ticks + Math.clamp(ahead / 1_000, 0, limits.giveUpMillis()) + 1;
    one.endTicks = one.deadlineTicks + limits.giveUpMillis();
    bundles.put(bundle.digest(), one);
    transmit(one, ticks, out);
    reschedule(one);
  }

  /** Sends to whom it may be sent now; says when it may be sent to somebody next. */
  private void transmit(InFlight one, long ticks, ClientEffects<P> out) {
    one.dueTicks = Math.max(one.deadlineTicks, ticks + 1);
    for (int i = 0; i < membership.n(); i++) {
      if (one.replies[i] != null || one.malformed[i]) {
        continue;
      }
      if (one.retryAt[i] <= ticks) {
        out.send(membership.members().get(i).id(), new Submit(one.bundle));
        one.retryAt[i] = ticks + backoff(limits.retransmitMillis(), one.sends[i]);
        one.sends[i]++;
      }
      one.dueTicks = Math.min(one.dueTicks, one.retryAt[i]);
    }
  }

  private long backoff(long base, int attempt) {
    return pace.millis(base, limits.retransmitMillisMax(), attempt);
  }

  private void receive(int replica, Answer answer, long ticks, ClientEffects<P> out) {
    switch (answer) {
      case ClientMessage.Greeting greeting ->
          clock.told(replica, greeting.tip().timeMicros(), ticks);
      case BundleReply reply -> {
        clock.told(replica, reply.tip().timeMicros(), ticks);
        reply(replica, reply, ticks, out);
      }
      case Refusal refusal -> refused(replica, refusal, ticks, out);
      case ClientMessage.OutcomeAnswer outcome -> {
        clock.told(replica, outcome.tip().timeMicros(), ticks);
        InFlight one = asking.asker(outcome.query());
        if (one != null) {
          asking.answered(one, replica, outcome);
          settle(one, ticks, out);
        }
      }
      case ClientMessage.HeadAnswer head -> clock.told(replica, head.tip().timeMicros(), ticks);
      case ClientMessage.ReadAnswer read -> clock.told(replica, read.tip().timeMicros(), ticks);
      case ClientMessage.Standing standing ->
          clock.told(replica, standing.tip().timeMicros(), ticks);
    }
  }

  private void reply(int replica, BundleReply reply, long ticks, ClientEffects<P> out) {
    InFlight one = bundles.get(reply.bundle());
    if (one == null) {
      return;
    }
    if (proving.accepts(one, replica, reply, out)) {
      if (one.stage != Stage.PROVING) {
        one.alike(membership.f() + 1)
            .ifPresent(
                outcomes -> {
                  asking.forget(one);
                  proving.decide(one, outcomes, ticks, out);
                });
      }
      settle(one, ticks, out);
    }
  }

  /** Ends the bundle if it is at its end, else sees to its being looked at again in time. */
  private void settle(InFlight one, long ticks, ClientEffects<P> out) {
    boolean over =
        switch (one.stage) {
          case ORDERING -> false;
          case ASKING -> asking.over(one, out);
          case PROVING -> proving.over(one, ticks, reachable, out);
        };
    if (over) {
      forget(one);
    } else {
      reschedule(one);
    }
  }

  private void refused(int replica, Refusal refusal, long ticks, ClientEffects<P> out) {
    InFlight one = bundles.get(refusal.bundle());
    if (one == null || one.stage != Stage.ORDERING || one.replies[replica] != null) {
      return;
    }
    if (refusal.reason() == RefusalReason.MALFORMED) {
      one.malformed[replica] = true;
      if (one.malformed(membership.f() + 1)) {
        refuse(refusal.bundle(), ClientEffect.Refusal.MALFORMED, refusal.detail(), out);
        forget(one);
      }
      return;
    }
    long wait = Math.clamp(refusal.retryMillis(), 1, limits.retransmitMillisMax());
    one.retryAt[replica] = ticks + backoff(wait, Math.max(0, one.sends[replica] - 1));
    one.dueTicks = Math.min(one.dueTicks, one.retryAt[replica]);
    reschedule(one);
  }

  private void reach(ReplicaId id, boolean up, ClientEffects<P> out) {
    int replica = membership.indexOf(id);
    if (replica < 0) {
      return;
    }
    boolean returned = up && !reachable[replica];
    reachable[replica] = up;
    int sent = 0;
    for (InFlight one : bundles.values()) {
      if (returned && sent < limits.resendsMax() && one.replies[replica] == null) {
        // What was sent on the broken session may be lost, in either direction
        out.send(id, new Submit(one.bundle));
        sent++;
      }
    }
  }

  private void expire(long ticks, ClientEffects<P> out) {
    while (!dues.isEmpty() && dues.first().ticks() <= ticks) {
      InFlight one = requireNonNull(bundles.get(dues.first().bundle()), "a due bundle");
      if (expire(one, ticks, out)) {
        forget(one);
      } else {
        one.dueTicks = Math.max(one.dueTicks, ticks + 1);
        reschedule(one);
      }
    }
  }

  private boolean expire(InFlight one, long ticks, ClientEffects<P> out) {
    if (one.stage == Stage.PROVING) {
      return proving.expired(one, ticks, reachable, out);
    }
    if (ticks >= one.endTicks) {
      out.add(new ClientEffect.Unknown<>(one.bundle.digest()));
      return true;
    }
    if (one.stage == Stage.ORDERING && ticks >= one.deadlineTicks) {
      one.stage = Stage.ASKING;
    }
    if (one.stage == Stage.ASKING) {
      asking.ask(one, ticks, out);
    } else {
      transmit(one, ticks, out);
    }
    return false;
  }

  private void refuse(
      Digest bundle, ClientEffect.Refusal why, String detail, ClientEffects<P> out) {
    out.add(new ClientEffect.Refused<>(bundle, why, detail));
  }

  private void reschedule(InFlight one) {
    if (one.scheduledTicks != one.dueTicks) {
      dues.remove(new Due(one.scheduledTicks, one.bundle.digest()));
      one.scheduledTicks = one.dueTicks;
      dues.add(new Due(one.scheduledTicks, one.bundle.digest()));
    }
  }

  private void forget(InFlight one) {
    bundles.remove(one.bundle.digest());
    dues.remove(new Due(one.scheduledTicks, one.bundle.digest()));
    asking.forget(one);
  }
}

package io.tallystick.bft.client;

import io.tallystick.bft.client.ClientEffect.Lie;
import io.tallystick.bft.client.InFlight.Stage;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * From replies to a receipt: which replies count, when a head has its quorum, and who is asked for
 * the answer in full when the one whose turn it was keeps silent or lies.
 */
final class Proving<P> {
  private final Membership membership;
  private final ClientLimits limits;
  private final Pace pace;
  private final HeadChecker heads;
  private final AppendixChecker<P> appendices;

  Proving(
      Membership membership,
      ClientLimits limits,
      Pace pace,
      HeadChecker heads,
      AppendixChecker<P> appendices) {
    this.membership = membership;
    this.limits = limits;
    this.pace = pace;
    this.heads = heads;
    this.appendices = appendices;
  }

  /** Keeps a reply if it counts; false when it is a lie, a repetition, or older than what is. */
  boolean accepts(InFlight one, int replica, BundleReply reply, ClientEffects<P> out) {
    BundleReply old = one.replies[replica];
    Optional<Lie> lie = lie(one, replica, old, reply);
    if (lie.isPresent()) {
      liar(out, replica, lie.get());
      return false;
    }
    if (old != null && reply.tip().seq() < old.tip().seq()) {
      return false;
    }
    Optional<Full> full = one.fullWanted[replica] ? reply.full() : Optional.empty();
    if (full.isEmpty() && old != null && old.head().equals(reply.head())) {
      full = old.full();
    }
    one.replies[replica] =
        new BundleReply(reply.tip(), reply.bundle(), reply.outcomes(), reply.head(), full);
    one.fullAnswered |= replica == one.fullFrom;
    return true;
  }

  private Optional<Lie> lie(
      InFlight one, int replica, @Nullable BundleReply old, BundleReply reply) {
    if (reply.outcomes().size() != one.bundle.requests().size()
        || !reply.head().replica().equals(id(replica))) {
      return Optional.of(Lie.MISFIT);
    }
    if (old != null
        && old.tip().seq() == reply.tip().seq()
        && !(old.outcomes().equals(reply.outcomes())
            && old.head().head().equals(reply.head().head()))) {
      return Optional.of(Lie.CONTRADICTION);
    }
    if (one.stage == Stage.PROVING && differs(one, reply)) {
      return Optional.of(Lie.OTHER_OUTCOME);
    }
    boolean known = old != null && old.head().equals(reply.head());
    return known || heads.cosigned(reply.head())
        ? Optional.empty()
        : Optional.of(Lie.BAD_COSIGNATURE);
  }

  /** Whether f+1 replicas contradict the reply about the very batch that it is from. */
  private boolean differs(InFlight one, BundleReply reply) {
    int against = 0;
    for (BundleReply other : one.replies) {
      if (other != null
          && other.tip().seq() == reply.tip().seq()
          && other.outcomes().equals(one.decided)
          && !reply.outcomes().equals(one.decided)) {
        against++;
      }
    }
    return against > membership.f();
  }

  /** f+1 replies are alike. */
  void decide(InFlight one, List<Outcome> outcomes, long ticks, ClientEffects<P> out) {
    one.stage = Stage.PROVING;
    one.decided = outcomes;
    one.attempts = 0;
    one.endTicks = ticks + limits.proofMillis();
    one.dueTicks = ticks + pace.jittered(limits.fullMillis());
    out.add(new ClientEffect.Decided<>(one.bundle.digest(), outcomes));
    for (int i = 0; i < one.replies.length; i++) {
      BundleReply reply = one.replies[i];
      if (reply != null && differs(one, reply)) {
        liar(out, i, Lie.OTHER_OUTCOME);
      }
    }
  }

  /** Whether all is there; asks the next replica at once if the one whose turn it was failed. */
  boolean over(InFlight one, long ticks, boolean[] reachable, ClientEffects<P> out) {
    if (!one.anyCommitted()) {
      out.add(new ClientEffect.Ended<>(one.bundle.digest(), one.decided));
      return true;
    }
    Optional<List<HeadCosignature>> lines = one.certified(membership.quorum());
    if (lines.isEmpty()) {
      return false;
    }
    for (int i = 0; i < one.replies.length; i++) {
      if (receipt(one, i, lines.get(), out)) {
        return true;
      }
    }
    if (one.fullAnswered && one.attempts < membership.n()) {
      askNext(one, ticks, reachable, out);
    }
    return false;
  }

  private boolean receipt(
      InFlight one, int replica, List<HeadCosignature> lines, ClientEffects<P> out) {
    BundleReply reply = one.replies[replica];
    TreeHead head = lines.getFirst().head();
    if (reply == null
        || reply.full().isEmpty()
        || !reply.head().head().equals(head)
        || !reply.outcomes().equals(one.decided)) {
      return false;
    }
    Full full = reply.full().get();
    Optional<P> proof =
        heads.logged(head, full.logSignature())
            ? appendices.check(one.bundle, one.decided, head, full.appendix())
            : Optional.empty();
    if (proof.isEmpty()) {
      one.replies[replica] =
          new BundleReply(
              reply.tip(), reply.bundle(), reply.outcomes(), reply.head(), Optional.empty());
      one.fullWanted[replica] = false;
      liar(out, replica, Lie.BAD_APPENDIX);
      return false;
    }
    PublishedHead certified = new PublishedHead(membership.epoch(), head, lines);
    out.add(
        new ClientEffect.Receipted<>(
            one.bundle.digest(), one.decided, certified, full.logSignature(), proof.get()));
    return true;
  }

  /** Time has passed: asks again, whoever may lack the bundle too; true when that is given up. */
  boolean expired(InFlight one, long ticks, boolean[] reachable, ClientEffects<P> out) {
    if (ticks >= one.endTicks) {
      out.add(new ClientEffect.Unproven<>(one.bundle.digest(), one.decided));
      return true;
    }
    for (int i = 0; i < membership.n(); i++) {
      if (one.replies[i] == null && one.attempts % 4 == 2) {
        out.send(id(i), new Submit(one.bundle));
      } else if (one.replies[i] == null) {
        out.send(id(i), new AskFull(one.bundle.digest()));
        one.fullWanted[i] = true;
      }
    }
    askNext(one, ticks, reachable, out);
    return false;
  }

  private void askNext(InFlight one, long ticks, boolean[] reachable, ClientEffects<P> out) {
    int n = membership.n();
    int next = (one.fullFrom + 1) % n;
    for (int tried = 1; tried < n && !reachable[next]; tried++) {
      next = (next + 1) % n;
    }
    one.fullFrom = next;
    one.fullAnswered = false;
    one.fullWanted[next] = true;
    one.dueTicks =
        Math.min(
            one.endTicks,
            ticks + pace.millis(limits.fullMillis(), limits.askMillisMax(), one.attempts));
    one.attempts++;
    out.send(id(next), new AskFull(one.bundle.digest()));
  }

  private void liar(ClientEffects<P> out, int replica, Lie lie) {
    out.add(new ClientEffect.Liar<>(id(replica), lie));
  }

  private ReplicaId id(int replica) {
    return membership.members().get(replica).id();
  }
}

package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.ordering.Ordering;
import io.tallystick.bft.engine.transfer.Peers;
import io.tallystick.bft.engine.viewchange.NewViewRules.Choice;
import io.tallystick.bft.engine.viewchange.ViewChangeVotes.Held;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.FetchViewChanges;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Vote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How views begin. The primary makes a new-view out of a quorum's view-changes; the others hold it
 * against those same view-changes, which they fetch where they lack them, and accept nothing else.
 *
 * <p>Of each member at most one new-view waits, the one for its highest view.
 */
public final class NewViews {
  private final Turn turn;
  private final Views views;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final Peers peers;
  private final @Nullable PendingNewView[] pending;
  private List<Held> named = List.of();
  private @Nullable NewViewDraft draft;
  private int accused;

  NewViews(Turn turn, Views views, Ordering ordering, Checkpoints checkpoints, Peers peers) {
    this.turn = turn;
    this.views = views;
    this.ordering = ordering;
    this.checkpoints = checkpoints;
    this.peers = peers;
    this.pending = new PendingNewView[turn.membership().n()];
  }

  /** Bound on what a message about views weighs on the wire. */
  static long weightBytes(PeerMessage message, Parameters parameters) {
    int slots =
        switch (message) {
          case ViewChangeMessage m -> m.prepared().size();
          case NewViewMessage m -> m.newView().statement().batches().size();
          default -> 1;
        };
    return 4_096 + (long) slots * parameters.batchBundlesMax() * 8;
  }

  /** The view is left: a new-view of ours that isn't signed yet never leaves. */
  void abandon() {
    draft = null;
  }

  /** A pre-prepare comes back signed; returns whether it is one of our new-view's. */
  boolean signedProposal(Signed<Vote> vote) {
    NewViewDraft making = draft;
    return making != null && making.take(vote);
  }

  /** Our new-view comes back signed. */
  public void signed(Signed<NewView> newView) {
    NewViewDraft making = draft;
    if (making != null) {
      making.takeStatement(newView);
    }
  }

  /** A new-view, from its primary or passed on by anybody. */
  void receive(ReplicaId from, NewViewMessage message, ViewChangeVotes votes) {
    NewView statement = message.newView().statement();
    int member = turn.membership().indexOf(statement.replica());
    if (statement.epoch() != views.epoch() || member < 0) {
      turn.reject(from, RejectReason.WRONG_EPOCH);
      return;
    }
    NewViewMessage known = known(member, statement.view());
    if (known != null) {
      boolean same = known.newView().statement().equals(statement);
      if (!same && (accused >> member & 1) == 0) {
        accused |= 1 << member;
        Evidence evidence = new Evidence.NewViews(known.newView(), message.newView());
        turn.accuse(statement.replica(), evidence); // R6.8
      }
      turn.reject(from, same ? RejectReason.DUPLICATE : RejectReason.EQUIVOCATION);
      return;
    }
    if (statement.view() < views.view() || statement.view() == views.view() && views.active()) {
      turn.reject(from, RejectReason.WRONG_VIEW);
    } else if (member == turn.selfIndex()) {
      turn.quarantine("our own signature on a new-view for " + statement.view() + " never made");
    } else {
      wait(from, member, message, votes);
    }
  }

  private @Nullable NewViewMessage known(int member, long view) {
    NewViewMessage accepted = views.accepted();
    if (accepted != null && accepted.newView().statement().view() == view) {
      return accepted;
    }
    PendingNewView waiting = pending[member];
    return waiting != null && waiting.view() == view ? waiting.message() : null;
  }

  private void wait(ReplicaId from, int member, NewViewMessage message, ViewChangeVotes votes) {
    PendingNewView before = pending[member];
    if (before != null && before.view() > message.newView().statement().view()) {
      turn.reject(from, RejectReason.WRONG_VIEW);
      return;
    }
    PendingNewView waiting = new PendingNewView(message, turn.membership().indexOf(from));
    pending[member] = waiting;
    for (int i = 0; i < turn.membership().n(); i++) {
      Held held = votes.of(i);
      if (held != null) {
        waiting.offer(held);
      }
    }
    ask(waiting, waiting.asked());
  }

  /** A view-change came; returns whether a new-view that waits names it. */
  boolean offer(Held held) {
    boolean wanted = false;
    for (PendingNewView waiting : pending) {
      if (waiting != null && waiting.offer(held)) {
        wanted = true;
      }
    }
    return wanted;
  }

  /** At each interval: asks the next peer for what didn't come. */
  void ask() {
    for (PendingNewView waiting : pending) {
      if (waiting != null) {
        ask(waiting, peers.next(waiting.asked()));
      }
    }
  }

  private void ask(PendingNewView waiting, int peer) {
    if (waiting.complete() || peer < 0 || peer == turn.selfIndex()) {
      return;
    }
    waiting.asked(peer);
    turn.send(peers.id(peer), new FetchViewChanges(waiting.view(), waiting.lacking())); // R8.9
  }

  /** A peer lacks view-changes: it is sent those that are here. */
  void answer(ReplicaId from, FetchViewChanges ask, ViewChangeVotes votes) {
    int peer = turn.membership().indexOf(from);
    if (peer < 0 || ask.wanted().size() > turn.membership().n()) {
      turn.reject(from, RejectReason.OVER_LIMIT);
      return;
    }
    for (ViewChangeDigest wanted : ask.wanted()) {
      Held held = find(wanted, votes);
      if (held == null) {
        continue;
      }
      boolean ours = held.message().viewChange().replica().equals(turn.self());
      long position = views.active() ? views.acceptedPosition() : views.ownPosition();
      if (ours && (position == 0 || position > turn.durable())) {
        continue; // R8.3: not before it is on disk
      }
      if (!peers.spend(peer, weightBytes(held.message(), turn.parameters()))) {
        turn.reject(from, RejectReason.TOO_OFTEN); // R9.2
        return;
      }
      turn.send(from, held.message());
    }
  }

  private @Nullable Held find(ViewChangeDigest wanted, ViewChangeVotes votes) {
    List<Held> candidates = new ArrayList<>(named);
    int member = turn.membership().indexOf(wanted.replica());
    Held newest = member < 0 ? null : votes.of(member);
    if (newest != null) {
      candidates.add(newest);
    }
    for (PendingNewView waiting : pending) {
      if (waiting != null) {
        candidates.addAll(waiting.named());
      }
    }
    return candidates.stream().filter(held -> held.name().equals(wanted)).findFirst().orElse(null);
  }

  /** Begins a view, ours or another's, if all that it takes is here; returns whether it did. */
  boolean settle(ViewChangeVotes votes) {
    boolean begun = false;
    for (int member = 0; member < pending.length; member++) {
      PendingNewView waiting = pending[member];
      if (waiting != null && isPast(waiting.view())) {
        pending[member] = null;
      } else if (waiting != null && waiting.complete()) {
        pending[member] = null;
        begun |= accept(waiting);
      }
    }
    boolean ours = make(votes);
    return begun || ours;
  }

  private boolean isPast(long view) {
    return view < views.view() || view == views.view() && views.active();
  }

  private boolean accept(PendingNewView waiting) {
    NewView statement = waiting.statement();
    Choice choice = NewViewRules.choose(waiting.named().stream().map(Held::message).toList());
    List<io.tallystick.crypto.Digest> digests =
        choice.batches().stream().map(Batch::digest).toList();
    // R8.9: what the view-changes say, recomputed, and nothing else
    if (statement.stableSeq() != choice.stableSeq() || !statement.batches().equals(digests)) {
      turn.reject(statement.replica(), RejectReason.BAD_NEW_VIEW);
      return false;
    }
    begin(waiting.message(), choice, waiting.named());
    return true;
  }

  private boolean make(ViewChangeVotes votes) {
    if (!views.isPrimary() || views.active() || views.own() == null) {
      return false;
    }
    NewViewDraft making = draft;
    if (making == null) {
      List<Held> all = votes.at(views.view());
      int quorum = turn.membership().quorum();
      if (all.size() >= quorum) { // R8.7: q, for this very view
        draft = new NewViewDraft(turn, views.epoch(), views.view(), all.subList(0, quorum));
        draft.sign(turn);
      }
      return false;
    }
    NewViewMessage message = making.message();
    if (message == null) {
      return false;
    }
    begin(message, making.choice(), making.named());
    turn.multicastAfter(views.acceptedPosition(), message); // R10.1
    return true;
  }

  private void begin(NewViewMessage message, Choice choice, List<Held> quorum) {
    draft = null;
    named = List.copyOf(quorum);
    long position = views.enter(message);
    choice
        .stable()
        .filter(proof -> proof.seq() > checkpoints.stableSeq())
        .ifPresent(proof -> checkpoints.receive(turn.self(), proof)); // R8.7
    ordering.slide(checkpoints);
    ordering.enter(message, position);
  }
}

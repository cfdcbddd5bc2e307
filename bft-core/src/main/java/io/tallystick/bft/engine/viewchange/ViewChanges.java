package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.CertificatesDigest;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.ordering.Ordering;
import io.tallystick.bft.engine.ordering.SlotState;
import io.tallystick.bft.engine.transfer.Peers;
import io.tallystick.bft.engine.viewchange.ViewChangeVotes.Held;
import io.tallystick.bft.engine.viewchange.ViewTimer.Wait;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.PeerMessage.FetchViewChanges;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.Standing;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When the replica leaves its view, and what it says then.
 *
 * <p>From the step on in which it asks for view w it takes no part in views below w; its
 * view-change is written down whole before it leaves, and sent again byte for byte. A quorum's
 * view-changes for w make its primary begin the view ({@link NewViews}).
 */
public final class ViewChanges {
  private record Unsigned(
      ViewChange statement, List<StableCheckpoint> stable, List<PreparedCertificate> prepared) {}

  private final Turn turn;
  private final Views views;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final Peers peers;
  private final CertificatesDigest certificates;
  private final ViewTimer timer;
  private final ViewChangeVotes votes;
  private final NewViews newViews;
  private final long[] toldTicks;
  private final long[] saidViews;
  private @Nullable Unsigned unsigned;

  /** Whom it talks to, and how what it says is digested. */
  public record Outside(Peers peers, CertificatesDigest certificates) {}

  /** Over one replica's slots and checkpoints. */
  public ViewChanges(
      Turn turn, Views views, Ordering ordering, Checkpoints checkpoints, Outside outside) {
    this.turn = turn;
    this.views = views;
    this.ordering = ordering;
    this.checkpoints = checkpoints;
    this.peers = outside.peers();
    this.certificates = outside.certificates();
    this.timer = new ViewTimer(turn);
    this.votes = new ViewChangeVotes(turn.membership().n());
    this.newViews = new NewViews(turn, views, ordering, checkpoints, peers);
    this.toldTicks = new long[turn.membership().n()];
    this.saidViews = new long[turn.membership().n()];
  }

  /** After the replay. */
  public void started(boolean fresh) {
    timer.started(ordering.executions().executed());
    ViewChangeMessage own = views.own();
    if (own != null) {
      votes.add(turn.selfIndex(), held(own));
      turn.multicastAfter(views.ownPosition(), own); // R8.3: byte for byte
    } else if (!views.active()) {
      build(); // R10.2: asked for before the crash, and not said yet
    } else if (views.isPrimary() && !fresh) {
      leave(views.view() + 1, false); // R8.13: it proposes nothing more in that view
    }
  }

  private Held held(ViewChangeMessage message) {
    return new Held(message, message.viewChange().statement().digest(turn.settings().cluster()));
  }

  /** Leaves the view for a later one; {@code failed}: if it brought nothing, wait longer. */
  private void leave(long newView, boolean failed) {
    if (!turn.voting()) {
      return;
    }
    timer.left(failed);
    newViews.abandon();
    views.leave(newView);
    ordering.leave(newView); // R8.1: no part in any view below
    build();
  }

  private void build() {
    if (!turn.voting()) {
      return;
    }
    List<StableCheckpoint> stable = checkpoints.proof();
    List<PreparedCertificate> prepared = new ArrayList<>();
    for (SlotState slot : ordering.window().above(checkpoints.stableSeq())) {
      PreparedCertificate certificate = slot.prepared();
      if (certificate != null) {
        prepared.add(certificate); // R8.2
      }
    }
    ViewChange statement =
        new ViewChange(
            turn.self(),
            views.epoch(),
            views.view(),
            checkpoints.stableSeq(),
            certificates.of(stable, prepared));
    unsigned = new Unsigned(statement, stable, prepared);
    turn.sign(statement);
  }

  /** Our view-change comes back signed: it is written down, then leaves. */
  public void signed(Signed<ViewChange> viewChange) {
    Unsigned asked = unsigned;
    if (asked == null
        || !asked.statement().equals(viewChange.statement())
        || views.active()
        || views.view() != asked.statement().newView()
        || turn.quarantined()) {
      return; // the view is left already, or has begun without us
    }
    unsigned = null;
    ViewChangeMessage own = new ViewChangeMessage(viewChange, asked.stable(), asked.prepared());
    turn.multicastAfter(views.changed(own), own); // R8.3, R10.1
    votes.add(turn.selfIndex(), held(own));
    for (int peer = 0; peer < toldTicks.length; peer++) {
      toldTicks[peer] = turn.ticks();
    }
  }

  /** Signed statements of a new-view of ours; returns whether the vote is one of its proposals. */
  public boolean signedProposal(Signed<Vote> vote) {
    return newViews.signedProposal(vote);
  }

  /** What makes new views out of view-changes. */
  public NewViews newViews() {
    return newViews;
  }

  /** A view-change of anybody; the signer counts, not who passed it on. */
  public void receive(ReplicaId from, ViewChangeMessage message) {
    ViewChange statement = message.viewChange().statement();
    int member = turn.membership().indexOf(statement.replica());
    if (statement.epoch() != views.epoch() || member < 0) {
      turn.reject(from, RejectReason.WRONG_EPOCH);
      return;
    }
    Held held = held(message);
    if (member == turn.selfIndex()) {
      ours(from, held);
      return;
    }
    boolean wanted = newViews.offer(held); // R8.9: whatever a new-view names is of use
    switch (votes.add(member, held)) {
      case NEWER -> {}
      case SAME, OLDER -> {
        if (!wanted) {
          turn.reject(from, RejectReason.DUPLICATE);
        }
      }
      case CONTRADICTION -> {
        Held first = votes.of(member);
        if (first != null && votes.accuse(member)) {
          Evidence evidence =
              new Evidence.ViewChanges(first.message().viewChange(), message.viewChange());
          turn.accuse(statement.replica(), evidence); // R6.8
        }
        turn.reject(from, RejectReason.EQUIVOCATION);
      }
    }
  }

  private void ours(ReplicaId from, Held held) {
    Held own = votes.of(turn.selfIndex());
    boolean known = own != null && own.digest().equals(held.digest());
    boolean past =
        held.newView() < views.view() || held.newView() == views.view() && views.active();
    if (!known && !past) {
      turn.quarantine("our own signature on a view-change for " + held.newView() + " never said");
    }
    newViews.offer(held);
    turn.reject(from, RejectReason.DUPLICATE);
  }

  /** A new-view of anybody's view, from whoever passes it on. */
  public void receive(ReplicaId from, NewViewMessage message) {
    newViews.receive(from, message, votes);
  }

  /** A peer lacks view-changes that a new-view names. */
  public void receive(ReplicaId from, FetchViewChanges ask) {
    newViews.answer(from, ask, votes);
  }

  /** The view timer ran out. */
  public void expire() {
    timer.expired();
    if (views.active() ? !views.isPrimary() : heardAQuorum()) { // R8.4
      leave(views.view() + 1, true);
    }
  }

  /** At each interval: asks for what new-views name and isn't here. */
  public void tick() {
    newViews.ask();
  }

  /** The connection to a peer came up or went down. */
  public void reachable(int peer, boolean reachable) {
    if (views.active() && peer == views.primaryIndex()) {
      timer.shorten(!reachable); // R8.14
    }
  }

  /** Near the end of a step: joins others, begins views, and minds the timer. */
  public void settle() {
    timer.progress(ordering.executions().executed());
    if (!turn.voting()) {
      timer.await(Wait.NONE);
      return;
    }
    long joined = votes.join(views.view(), turn.membership().f());
    if (joined > views.view()) {
      leave(joined, true); // R8.5
    } else if (views.active() && !views.isPrimary() && ordering.watch().slow()) {
      leave(views.view() + 1, false); // R8.17, R8.18, R8.19
    } else if (views.active() && votes.view(views.primaryIndex()) > views.view()) {
      leave(views.view() + 1, false); // R8.13: the primary itself asks for another view
    }
    if (!views.active() && views.own() == null && unsigned == null) {
      build(); // the disk was full when it was to be said
    }
    if (newViews.settle(votes)) {
      timer.next();
    }
    timer.await(views.active() ? forPrimary() : heardAQuorum() ? Wait.PROGRESS : Wait.NONE);
  }

  private Wait forPrimary() {
    if (views.isPrimary()) {
      return Wait.NONE;
    }
    boolean waits =
        ordering.undecided()
            || ordering.forwarded()
            || timer.shortened() && ordering.pending(); // nobody is there to forward it to
    return waits ? Wait.PROGRESS : Wait.IDLE_BATCH; // R8.12, R8.20
  }

  private boolean heardAQuorum() {
    // R8.4: alone, a replica neither runs a timer nor goes on to yet another view. Who is in the
    // view already, and says so, need not ask for it any more.
    int heard = votes.from(views.view()) | 1 << turn.selfIndex();
    for (int i = 0; i < saidViews.length; i++) {
      heard |= saidViews[i] >= views.view() ? 1 << i : 0;
    }
    return Integer.bitCount(heard) >= turn.membership().quorum();
  }

  /** Where we stand in view changes, for our status. */
  public Standing standing() {
    long from = views.active() ? views.view() + 1 : views.view();
    return new Standing(views.active(), votes.from(from));
  }

  /** A peer told where it stands: it is sent our view-change, or the new-view, if it lacks it. */
  public void answer(ReplicaId to, int peer, Status status) {
    saidViews[peer] = status.view();
    long interval = turn.settings().transfer().statusMillis() * 3L / 4;
    if (turn.quarantined() || turn.ticks() - toldTicks[peer] < interval) {
      return;
    }
    Standing theirs = status.standing();
    ViewChangeMessage own = views.own();
    NewViewMessage accepted = views.accepted();
    boolean lacksOurs =
        views.view() >= (theirs.active() ? status.view() + 1 : status.view())
            && (theirs.viewChanges() >> turn.selfIndex() & 1) == 0;
    if (own != null && lacksOurs && views.ownPosition() <= turn.durable()) {
      tell(to, peer, views.ownPosition(), own);
    } else if (accepted != null
        && (status.view() < views.view() || status.view() == views.view() && !theirs.active())
        && views.acceptedPosition() <= turn.durable()) {
      tell(to, peer, views.acceptedPosition(), accepted);
    }
  }

  private void tell(
      ReplicaId to, int peer, long position, io.tallystick.bft.message.PeerMessage message) {
    toldTicks[peer] = turn.ticks();
    if (peers.spend(peer, NewViews.weightBytes(message, turn.parameters()))) { // R9.2
      turn.sendAfter(position, to, message); // R8.3
    }
  }
}

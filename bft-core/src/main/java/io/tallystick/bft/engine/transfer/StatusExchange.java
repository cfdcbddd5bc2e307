package io.tallystick.bft.engine.transfer;

import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.ordering.Attempt;
import io.tallystick.bft.engine.ordering.Ordering;
import io.tallystick.bft.engine.ordering.SlotState;
import io.tallystick.bft.engine.ordering.Window;
import io.tallystick.bft.engine.viewchange.ViewChanges;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.Missing;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Vote;
import java.util.ArrayList;
import java.util.List;

/**
 * No message is assumed delivered: each replica says at an interval where it stands and what it
 * lacks, and is sent exactly that.
 */
public final class StatusExchange {
  private static final int VOTE_BYTES = 160;
  private static final int SLOT_BYTES = 40;

  private final Turn turn;
  private final Views views;
  private final Window window;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final Peers peers;
  private final ViewChanges viewChanges;
  private long horizon;

  /** Has said nothing yet. */
  public StatusExchange(
      Turn turn, Views views, Ordering ordering, Checkpoints checkpoints, Catching catching) {
    this.turn = turn;
    this.views = views;
    this.window = catching.window();
    this.ordering = ordering;
    this.checkpoints = checkpoints;
    this.peers = catching.peers();
    this.viewChanges = catching.viewChanges();
  }

  /** What the rooms of catching up share. */
  public record Catching(Window window, Peers peers, ViewChanges viewChanges) {}

  /** The replay is over: whatever isn't here by now may be lost. */
  public void start() {
    horizon = window.known() + 1;
    tick();
  }

  /** Says where we stand, now and at every interval from here on. */
  public void tick() {
    turn.multicast(status());
    horizon = window.known() + 1;
    turn.arm(TimerName.STATUS, turn.settings().transfer().statusMillis());
  }

  /** Says it to a peer that has just come back. */
  public void greet(ReplicaId peer) {
    turn.send(peer, status());
  }

  private Status status() {
    return new Status(
        turn.self(),
        views.epoch(),
        views.view(),
        ordering.executions().executed(),
        checkpoints.stableSeq(),
        views.active() ? missing() : List.of(), // till then no vote of the view is of use
        viewChanges.standing());
  }

  private List<Missing> missing() {
    long executed = ordering.executions().executed();
    List<Missing> missing = new ArrayList<>();
    // R9.1: what was unknown at the last interval is still on its way; the slot after it may be
    // lost
    long last = Math.min(horizon, window.high());
    int max = turn.settings().transfer().missingSlotsMax();
    for (long seq = Math.max(executed, window.low()) + 1;
        seq <= last && missing.size() < max;
        seq++) {
      SlotState slot = window.find(seq);
      if (slot == null) {
        missing.add(new Missing(seq, true, 0, 0));
      } else if (slot.committed() == null) {
        missing.add(missing(slot));
      }
    }
    return missing;
  }

  private Missing missing(SlotState slot) {
    Attempt attempt = slot.attempt();
    int all = (1 << turn.membership().n()) - 1;
    int prepares = slot.preparedHere() ? all : attempt.prepares().held();
    return new Missing(slot.seq(), attempt.proposal() == null, prepares, attempt.commits().held());
  }

  /** A peer told where it stands. */
  public void receive(ReplicaId from, Status status) {
    int peer = turn.membership().indexOf(from);
    if (peer < 0 || !status.replica().equals(from)) {
      turn.reject(from, RejectReason.UNEXPECTED);
      return;
    }
    if (status.epoch() != views.epoch()) {
      turn.reject(from, RejectReason.WRONG_EPOCH);
      return;
    }
    if (status.missing().size() > turn.settings().transfer().missingSlotsMax()) {
      turn.reject(from, RejectReason.OVER_LIMIT);
      return;
    }
    peers.note(peer, status);
    window.noteKnown(status.executed());
    long interval = turn.settings().transfer().statusMillis() * 3L / 4;
    if (checkpoints.hasAnswer(status.stable()) && peers.mayProve(peer, interval)) {
      checkpoints.answer(from, status.stable());
    }
    viewChanges.answer(from, peer, status);
    if (status.view() != views.view()) {
      return;
    }
    for (Missing missing : status.missing()) {
      window.noteKnown(missing.proposal() ? missing.seq() - 1 : missing.seq());
      SlotState slot = window.find(missing.seq());
      if (slot != null && slot.answer(peer, turn.ticks(), interval)) {
        answer(from, peer, slot, missing);
      }
    }
  }

  private void answer(ReplicaId to, int peer, SlotState slot, Missing missing) {
    if (turn.quarantined()) {
      return;
    }
    Attempt attempt = slot.attempt();
    PrePrepare proposal = attempt.proposal();
    // R9.1: exactly what it lacks; a proposal may be passed on by anybody who holds it
    if (missing.proposal() && proposal != null) {
      int bytes = VOTE_BYTES;
      for (var batch : proposal.batches()) {
        bytes += SLOT_BYTES * (1 + batch.bundles().size());
      }
      boolean ours = proposal.vote().replica().equals(turn.self());
      send(to, peer, proposal, bytes, ours ? attempt.proposalPosition() : 0);
    }
    int self = 1 << turn.selfIndex();
    Signed<Vote> prepare = attempt.ownPrepare();
    if (prepare != null && (missing.prepares() & self) == 0) {
      send(to, peer, new Ballot(prepare), bytes(prepare), attempt.preparePosition());
    }
    Signed<Vote> commit = attempt.ownCommit();
    if (commit != null && (missing.commits() & self) == 0) {
      send(to, peer, new Ballot(commit), bytes(commit), attempt.commitPosition());
    }
  }

  private static int bytes(Signed<Vote> vote) {
    return VOTE_BYTES + SLOT_BYTES * vote.statement().slots().size();
  }

  private void send(ReplicaId to, int peer, PeerMessage message, int bytes, long afterPosition) {
    if (afterPosition > turn.durable()) {
      return; // it was sent once already, and still waits for the disk
    }
    if (!peers.spend(peer, bytes)) {
      return; // R9.2: asked again at the next interval
    }
    if (afterPosition > 0) {
      turn.sendAfter(afterPosition, to, message);
    } else {
      turn.send(to, message);
    }
  }
}

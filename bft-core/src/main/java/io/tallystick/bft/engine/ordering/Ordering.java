package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.transfer.BundleFetch;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PendingBundles;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;

/** The normal case put together: bundles come in, decided batches go to the application. */
public final class Ordering {
  private final Turn turn;
  private final Window window;
  private final BundlePool pool;
  private final Bodies bodies;
  private final Voice voice;
  private final PrimaryWatch watch;
  private final Agreement agreement;
  private final DecidedBatches decided;
  private final Executions executions;
  private final Proposer proposer;
  private final Reproposals reproposals;

  /** Wires the room over one replica's window. */
  public Ordering(Turn turn, Views views, Window window, BundlePool pool, BundleFetch fetch) {
    this.turn = turn;
    this.window = window;
    this.pool = pool;
    this.bodies = new Bodies(window, pool, fetch);
    this.voice = new Voice(turn, views, window);
    this.watch = new PrimaryWatch(turn, views, pool);
    this.agreement = new Agreement(turn, views, window, bodies, new Agreement.Mouth(voice, watch));
    this.decided = new DecidedBatches(turn, window, bodies);
    this.executions = new Executions(turn, window, bodies, pool, decided);
    this.proposer = new Proposer(turn, views, window, pool, this);
    this.reproposals = new Reproposals(turn, views, window, bodies);
  }

  /** What was executed, and what is about to be. */
  public Executions executions() {
    return executions;
  }

  /** Proposals and votes. */
  public Agreement agreement() {
    return agreement;
  }

  /** Batches that peers sent. */
  public DecidedBatches decided() {
    return decided;
  }

  Bodies bodies() {
    return bodies;
  }

  /** After the replay: goes on where the application and the journal stand. */
  public void started(Event.ApplicationState application, boolean marked, SlotRestore restored) {
    executions.started(application, marked);
    proposer.resume(restored.finish(executions, bodies));
    proposer.armIdle();
    agreement.examineAll();
  }

  /** The replica asks for a later view: it takes no part in the one it was in. */
  public void leave(long laterView) {
    voice.leave();
    proposer.leave();
    window.enter(laterView); // R8.1
  }

  /**
   * A view begins with what its new-view proposes again.
   *
   * @param position of the new-view's record
   */
  public void enter(NewViewMessage message, long position) {
    long view = message.newView().statement().view();
    if (view > window.view()) {
      leave(view);
    }
    long last = reproposals.place(message, position, executions);
    proposer.enter(last);
    watch.enter();
    agreement.examineAll();
  }

  /** The slots in memory. */
  public Window window() {
    return window;
  }

  /** What the primary does, or leaves undone. */
  public PrimaryWatch watch() {
    return watch;
  }

  /** Whether bundles wait that the primary was told of. */
  public boolean forwarded() {
    return pool.forwarded() > 0;
  }

  /** Whether any bundles wait to be proposed. */
  public boolean pending() {
    return pool.queuedBundles() > 0;
  }

  /** Whether a proposal of the view waits for its decision, so that its primary may be at fault. */
  public boolean undecided() {
    for (long seq = executions.handed() + 1; seq <= window.known(); seq++) {
      SlotState slot = window.find(seq);
      if (slot != null && slot.attempt().proposal() != null && slot.committed() == null) {
        return true;
      }
    }
    return false;
  }

  /** A client's bundle. */
  public void submitted(Bundle bundle) {
    if (bodies.wanted(bundle.digest())) {
      arrived(bundle); // R6.5: what a batch names isn't subject to admission
      return;
    }
    if (!turn.voting()) {
      refuse(bundle, RefusalReason.NOT_VOTING, "the replica doesn't vote at the moment");
      return;
    }
    if (!ProposalRules.acceptable(turn.parameters(), bundle)) {
      refuse(bundle, RefusalReason.MALFORMED, "the bundle exceeds the bounds of a bundle");
      return;
    }
    long time = Math.max(executions.ledgerTimeMicros(), turn.wallMicros());
    if (executions.recent().seq(bundle.digest()) > 0 || expired(bundle)) {
      turn.emit(new Effect.AnswerAgain(bundle.client(), bundle.digest())); // R12.2
      return;
    }
    long dropAfter = time + 2_000L * turn.parameters().deadlineMillisMax();
    switch (pool.admit(bundle, dropAfter)) {
      case ADMITTED -> {}
      case KNOWN -> turn.emit(new Effect.AnswerAgain(bundle.client(), bundle.digest())); // R12.2
      case CLIENT_QUOTA ->
          refuse(bundle, RefusalReason.CLIENT_QUOTA, "the client has as much pending as it may");
      case TOTAL_QUOTA ->
          refuse(bundle, RefusalReason.TOTAL_QUOTA, "the replica has as much pending as it may");
    }
  }

  private boolean expired(Bundle bundle) {
    for (Request request : bundle.requests()) {
      if (request.deadlineMicros() >= executions.ledgerTimeMicros()) {
        return false;
      }
    }
    return true;
  }

  private void refuse(Bundle bundle, RefusalReason why, String detail) {
    long retry = turn.settings().admission().retryMillis();
    turn.emit(new Effect.Refuse(bundle.client(), bundle.digest(), why, detail, retry));
  }

  /** A bundle from a peer: taken only if a batch names it and it isn't here. */
  public void receive(ReplicaId from, BundleBody body) {
    if (bodies.wanted(body.bundle().digest())) {
      arrived(body.bundle());
    } else if (watch.takeOffered(from, body.bundle().digest())) {
      forwarded(from, body.bundle());
    } else {
      turn.reject(from, RejectReason.UNSOLICITED);
    }
  }

  /** A backup's client sent it there; the primary may not refuse it for lack of room. */
  private void forwarded(ReplicaId from, Bundle bundle) {
    long time = Math.max(executions.ledgerTimeMicros(), turn.wallMicros());
    if (ProposalRules.acceptable(turn.parameters(), bundle) && !expired(bundle)) {
      int peer = turn.membership().indexOf(from);
      pool.admitForwarded(peer, bundle, time + 2_000L * turn.parameters().deadlineMillisMax());
    }
  }

  /** A backup says what waits there. */
  public void receive(ReplicaId from, PendingBundles message) {
    watch.receive(from, message, executions.recent());
  }

  private void arrived(Bundle bundle) {
    for (SlotState slot : bodies.arrived(bundle)) {
      agreement.examine(slot);
    }
  }

  /** An executed batch from a peer; returns whether it was of use. */
  public boolean receive(ReplicaId from, CommittedBatch batch) {
    if (batch.certificate().seq() <= executions.handed()) {
      // Executed here, it may still bring the bodies of what a new view proposes again.
      for (Bundle bundle : batch.bundles()) {
        if (bodies.wanted(bundle.digest())) {
          arrived(bundle);
        }
      }
    }
    return decided.receive(from, batch, executions.handed());
  }

  /** A vote of ours comes back signed. */
  public void signed(Signed<Vote> vote) {
    if (vote.statement().phase() == VotePhase.PRE_PREPARE) {
      proposer.signed(vote);
    } else {
      agreement.signed(vote);
    }
  }

  /** No batch was proposed for a while. */
  public void idle() {
    proposer.idle();
  }

  /** Moves the window to the stable checkpoint. */
  public void slide(Checkpoints checkpoints) {
    for (SlotState slot : window.advance(checkpoints.stableSeq(), executions.executed())) {
      bodies.releaseAll(slot);
    }
  }

  /** At the end of a step: moves the window, hands over what is decided, proposes, signs. */
  public void settle(Checkpoints checkpoints) {
    slide(checkpoints);
    executions.advance(checkpoints);
    proposer.propose();
    voice.flush();
    watch.settle();
    Invariant.check(
        Property.BOUNDED,
        pool.chargedBytes() <= turn.settings().admission().totalBytes()
            && pool.chargedRequests() <= turn.settings().admission().totalRequests(),
        "what is admitted stays within the quotas",
        pool.chargedBytes());
  }
}

package io.tallystick.bft.engine;

import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.engine.checkpoint.PublishedHeads;
import io.tallystick.bft.engine.ordering.BundlePool;
import io.tallystick.bft.engine.ordering.Executions;
import io.tallystick.bft.engine.ordering.Ordering;
import io.tallystick.bft.engine.ordering.SlotRestore;
import io.tallystick.bft.engine.ordering.Window;
import io.tallystick.bft.engine.transfer.BatchFetch;
import io.tallystick.bft.engine.transfer.BundleFetch;
import io.tallystick.bft.engine.transfer.Peers;
import io.tallystick.bft.engine.transfer.StatusExchange;
import io.tallystick.bft.engine.viewchange.ViewChanges;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;

/**
 * One replica: a deterministic state machine from events to effects.
 *
 * <pre>
 *  Submitted ──► pool ──► Proposer ─┐                    ┌─► Executions ─► Execute
 *  Received ───► Agreement (slots of the Window) ─ decided ┘        │
 *            └─► DecidedBatches, BundleFetch, BatchFetch            ▼
 *  SignedByUs ─► Voice ─► Persist, then send after it         Checkpoints ─► Cut
 *  Durable ────► our commits count                            PublishedHeads ─► Publish
 *  TimerFired, view-changes ─► ViewChanges ─► NewViews ─► the window's slots begin anew
 * </pre>
 *
 * <p>Used by one thread. Events before {@link Event.Started} are records of the journal; whatever
 * else comes earlier is refused. After an {@link InvariantViolation} it signs nothing more.
 */
public final class Replica {
  private final Turn turn;
  private final Views views;
  private final Window window;
  private final BundlePool pool;
  private final Peers peers;
  private final BundleFetch bundleFetch;
  private final Ordering ordering;
  private final Checkpoints checkpoints;
  private final PublishedHeads heads;
  private final ViewChanges viewChanges;
  private final StatusExchange status;
  private final BatchFetch batchFetch;
  private final Replay replay = new Replay();

  /** A replica that has not replayed its journal yet. */
  public Replica(ReplicaSettings settings, CertificatesDigest certificates) {
    turn = new Turn(settings);
    views = new Views(turn);
    window = new Window(settings.parameters().window(), settings.membership().n(), views.view());
    pool = new BundlePool(settings.admission(), settings.membership().n());
    peers = new Peers(turn);
    bundleFetch = new BundleFetch(turn, views, peers);
    ordering = new Ordering(turn, views, window, pool, bundleFetch);
    checkpoints = new Checkpoints(turn, views, window);
    heads = new PublishedHeads(turn);
    viewChanges =
        new ViewChanges(
            turn, views, ordering, checkpoints, new ViewChanges.Outside(peers, certificates));
    status =
        new StatusExchange(
            turn,
            views,
            ordering,
            checkpoints,
            new StatusExchange.Catching(window, peers, viewChanges));
    batchFetch = new BatchFetch(turn, window, ordering, peers);
  }

  /**
   * Takes one step.
   *
   * @throws InvariantViolation when the engine itself is wrong; {@code out} is empty then
   */
  public void step(Event event, Now now, Effects out) {
    turn.begin(now, out);
    pool.now(now.ticks());
    try {
      take(event);
      if (turn.running()) {
        viewChanges.settle();
        ordering.settle(checkpoints);
        bundleFetch.ask();
        batchFetch.pursue();
        checkInvariants();
      }
    } catch (InvariantViolation e) {
      turn.quarantine(String.valueOf(e.getMessage()));
      out.clear();
      throw e;
    }
  }

  private void take(Event event) {
    switch (event) {
      case Event.Replayed(var position, var entry) -> {
        Invariant.check(
            Property.SAID_STAYS_SAID, !turn.running(), "the replay ends at the start", position);
        replay.add(position, entry.value());
      }
      case Event.Started started -> start(started);
      case Event.Received(var from, var message) -> receive(from, message.value());
      case Event.Submitted(var bundle) -> submit(bundle.value());
      case Event.SignedByUs(var signed) -> signed(signed.value());
      case Event.TimerFired(var timer) -> expire(timer);
      case Event.Durable(var upTo) -> {
        turn.durable(upTo);
        ordering.agreement().durable();
      }
      case Event.Executed executed -> executed(executed);
      case Event.ApplicationSynced(var seq) -> checkpoints.synced(seq);
      case Event.PeerReachable(var peer, var reachable) -> reachable(peer, reachable);
      case Event.DiskSpace(var available) -> {
        turn.diskAvailable(available);
        if (available && turn.running()) {
          checkpoints.resume();
          ordering.agreement().examineAll();
        }
      }
    }
  }

  private void start(Event.Started started) {
    replay.restoreState(views, checkpoints);
    long seq = started.application().seq();
    window.advance(checkpoints.stableSeq(), seq);
    if (views.view() > 0) {
      window.enter(views.view());
    }
    boolean fresh = views.isFresh();
    SlotRestore slots = new SlotRestore(turn, views, window);
    replay.restoreSlots(slots);
    turn.start(started.nextPosition());
    views.recordFirst();
    boolean marked = seq > 0 && seq % turn.parameters().checkpointInterval() == 0;
    ordering.started(started.application(), marked && seq > checkpoints.stableSeq(), slots);
    checkpoints.started(seq, marked, started.application().head(), started.stateDigest());
    viewChanges.started(fresh);
    status.start();
  }

  private void receive(ReplicaId from, PeerMessage message) {
    if (!turn.running()) {
      turn.reject(from, RejectReason.NOT_VOTING);
      return;
    }
    switch (message) {
      case PeerMessage.PrePrepare prePrepare -> ordering.agreement().receive(from, prePrepare);
      case PeerMessage.Ballot(var vote) -> ordering.agreement().receive(from, vote);
      case PeerMessage.CheckpointVote(var checkpoint) -> checkpoints.receive(from, checkpoint);
      case PeerMessage.StableProof(var checkpoint) -> checkpoints.receive(from, checkpoint);
      case PeerMessage.HeadVote(var cosignature) -> heads.receive(from, cosignature);
      case PeerMessage.ViewChangeMessage viewChange -> viewChanges.receive(from, viewChange);
      case PeerMessage.NewViewMessage newView -> viewChanges.receive(from, newView);
      case PeerMessage.FetchViewChanges ask -> viewChanges.receive(from, ask);
      case PeerMessage.Status said -> {
        status.receive(from, said);
        batchFetch.noted();
      }
      case PeerMessage.FetchBundles ask ->
          bundleFetch.answer(from, ask, pool, ordering.executions().recent());
      case PeerMessage.BundleBody body -> ordering.receive(from, body);
      case PeerMessage.PendingBundles waiting -> ordering.receive(from, waiting);
      case PeerMessage.FetchBatches ask -> batchFetch.answer(from, ask);
      case PeerMessage.CommittedBatch batch -> {
        if (ordering.receive(from, batch)) {
          batchFetch.arrived(batch);
        }
      }
    }
  }

  private void submit(Bundle bundle) {
    if (turn.running()) {
      ordering.submitted(bundle);
    } else {
      turn.emit(
          new Effect.Refuse(
              bundle.client(),
              bundle.digest(),
              RefusalReason.NOT_VOTING,
              "the replica is starting",
              turn.settings().admission().retryMillis()));
    }
  }

  @SuppressWarnings(
      "unchecked") // a record of Signed<Vote> can't be told from one of another by type
  private void signed(Signed<? extends Statement> signed) {
    switch (signed.statement()) {
      case Vote _ -> {
        if (!viewChanges.signedProposal((Signed<Vote>) signed)) {
          ordering.signed((Signed<Vote>) signed);
        }
      }
      case Checkpoint _ -> checkpoints.signed((Signed<Checkpoint>) signed);
      case ViewChange _ -> viewChanges.signed((Signed<ViewChange>) signed);
      case NewView _ -> viewChanges.newViews().signed((Signed<NewView>) signed);
    }
  }

  private void expire(TimerName timer) {
    if (!turn.running()) {
      return;
    }
    switch (timer) {
      case STATUS -> {
        status.tick();
        viewChanges.tick();
        bundleFetch.tick();
        batchFetch.tick();
      }
      case IDLE -> ordering.idle();
      case CLOCK -> ordering.agreement().clock();
      case FORWARD -> ordering.watch().forward();
      case VIEW -> viewChanges.expire();
    }
  }

  private void executed(Event.Executed executed) {
    if (ordering.executions().answered(executed, checkpoints)) {
      heads.own(executed.cosignature());
    }
  }

  private void reachable(ReplicaId peer, boolean reachable) {
    int index = turn.membership().indexOf(peer);
    if (index < 0) {
      return;
    }
    peers.reachable(index, reachable);
    viewChanges.reachable(index, reachable);
    if (reachable && turn.running()) {
      status.greet(peer);
    }
  }

  private void checkInvariants() {
    Invariant.check(
        Property.SAID_STAYS_SAID,
        window.low() == checkpoints.stableSeq(),
        "the low watermark is the stable checkpoint",
        window.low());
    long ahead = ordering.executions().handed() - ordering.executions().executed();
    // R6.13
    Invariant.check(
        Property.BOUNDED,
        ahead >= 0 && ahead <= Executions.UNANSWERED_MAX,
        "batches handed over and not answered",
        ahead);
    Invariant.check(
        Property.SAID_STAYS_SAID,
        window.view() == views.view(),
        "slots hold the attempts of the view",
        window.view());
    Invariant.check(
        Property.DURABLE_BEFORE_VOTE,
        turn.durable() < turn.nextPosition(),
        "only what was persisted is durable",
        turn.durable());
  }

  /** Where the replica stands. */
  public ReplicaSummary summary() {
    long executed = ordering.executions().executed();
    return new ReplicaSummary(
        turn.self(),
        views.epoch(),
        views.view(),
        views.active(),
        views.primary(),
        views.changes(),
        turn.clockJumps(),
        turn.voting(),
        turn.quarantined(),
        executed,
        checkpoints.stableSeq(),
        window.high(),
        Math.max(0, window.known() - executed),
        pool.queuedBundles(),
        pool.chargedBytes(),
        pool.chargedRequests(),
        ordering.executions().ledgerTimeMicros(),
        ordering.executions().head());
  }
}

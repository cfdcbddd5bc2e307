package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The primary's part: which bundles go into which batch, and when.
 *
 * <p>It proposes at once while few proposals are unfinished, and else lets the next batch fill.
 */
public final class Proposer {
  private final Turn turn;
  private final Views views;
  private final Window window;
  private final BundlePool pool;
  private final Ordering ordering;
  private final LinkedHashMap<Long, Batch> unsigned = new LinkedHashMap<>();
  private long last;
  private boolean idle;

  Proposer(Turn turn, Views views, Window window, BundlePool pool, Ordering ordering) {
    this.turn = turn;
    this.views = views;
    this.window = window;
    this.pool = pool;
    this.ordering = ordering;
  }

  /** Goes on above {@code seq}: a sequence number that was used is never used again. */
  void resume(long seq) {
    last = Math.max(last, seq); // R10.2
  }

  /** The view is left: proposals that weren't signed yet never leave. */
  void leave() {
    unsigned.clear();
  }

  /** A view begins, whose new-view proposed up to {@code seq}: the primary goes on after that. */
  void enter(long seq) {
    last = seq;
    idle = true; // R8.11: the first batch of a view comes at once, if only an empty one
    armIdle();
  }

  /** Arms the idle timer, if this replica is the primary. */
  void armIdle() {
    if (views.isPrimary()) {
      turn.arm(TimerName.IDLE, turn.parameters().idleMillis());
    }
  }

  /** No batch was proposed for a while. */
  void idle() {
    idle = true; // R6.15: an idle primary proposes an empty batch
    armIdle();
  }

  /** Proposes as much as may be unfinished at once. */
  void propose() {
    if (!turn.voting() || !views.isPrimary() || !views.active()) {
      return;
    }
    resume(Math.max(window.low(), ordering.executions().handed()));
    skipDecided();
    while ((idle || pool.queuedBundles() > 0) && mayPropose()) {
      Parameters parameters = turn.parameters();
      List<Bundle> bundles =
          pool.take(
              new BundlePool.Room(
                  parameters.batchBundlesMax(),
                  parameters.batchRequestsMax(),
                  parameters.batchBytesMax()),
              ordering.executions().ledgerTimeMicros());
      if (bundles.isEmpty() && !idle) {
        return;
      }
      propose(bundles);
      skipDecided();
    }
  }

  /** What later views decided while this primary was cut off is not proposed over. */
  private void skipDecided() {
    SlotState next = window.find(last + 1);
    while (next != null && next.committed() != null) {
      next = window.find(++last + 1);
    }
  }

  private boolean mayPropose() {
    int depth = turn.parameters().pipelineDepth();
    long executed = ordering.executions().executed();
    // R6.10: a bounded number of proposals is unfinished at once, all within the watermarks
    return window.within(last + 1)
        && last + 1 - executed <= depth + Executions.UNANSWERED_MAX
        && undecided(executed) < depth;
  }

  private int undecided(long executed) {
    int undecided = 0;
    for (long seq = executed + 1; seq <= last; seq++) {
      SlotState slot = window.find(seq);
      undecided += slot != null && slot.committed() == null ? 1 : 0;
    }
    return undecided;
  }

  private void propose(List<Bundle> bundles) {
    idle = false;
    long seq = ++last;
    Batch batch =
        new Batch(Math.max(1, turn.wallMicros()), bundles.stream().map(Bundle::digest).toList());
    Digest digest = batch.digest();
    SlotState slot = window.slot(seq);
    slot.attempt().say(VotePhase.PRE_PREPARE, seq, digest); // R6.9
    ordering.bodies().supply(slot, batch, bundles);
    unsigned.put(seq, batch);
    turn.sign(
        Vote.of(
            VotePhase.PRE_PREPARE,
            turn.self(),
            views.epoch(),
            new Slot(views.view(), seq),
            digest));
    armIdle();
  }

  /** A proposal comes back signed: it is written down with its bodies, then leaves. */
  void signed(Signed<Vote> vote) {
    SlotDigest word = vote.statement().slots().getFirst();
    boolean current = vote.statement().view() == views.view();
    @Nullable Batch batch = current ? unsigned.remove(word.seq()) : null; // R8.1
    SlotState slot = window.find(word.seq());
    boolean decided = slot != null && slot.committed() != null; // in a later view than ours
    if (batch == null || slot == null || decided || turn.quarantined()) {
      return;
    }
    Invariant.check(
        Property.NO_EQUIVOCATION,
        slot.attempt().hasSaid(VotePhase.PRE_PREPARE, word.batch()),
        "what comes back signed is what was said",
        word.seq());
    PrePrepare proposal = new PrePrepare(vote, List.of(batch));
    slot.attempt().propose(proposal, batch, word.batch());
    ordering.agreement().write(slot, word.batch());
    // R10.1: a proposal waits for its own record
    turn.multicastAfter(slot.attempt().writtenPosition(), proposal);
    ordering.agreement().examine(slot);
  }
}

package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.VotePhase;

/**
 * Puts what a new-view proposes again into its slots, and clears the others: whatever else was
 * proposed in an earlier view is void, and its bundles wait again.
 */
final class Reproposals {
  private final Turn turn;
  private final Views views;
  private final Window window;
  private final Bodies bodies;

  Reproposals(Turn turn, Views views, Window window, Bodies bodies) {
    this.turn = turn;
    this.views = views;
    this.window = window;
    this.bodies = bodies;
  }

  /**
   * Places all of a new-view that is accepted; returns the last sequence number that it proposes.
   *
   * @param position of its record
   */
  long place(NewViewMessage message, long position, Executions executions) {
    NewView statement = message.newView().statement();
    long last = statement.stableSeq() + statement.batches().size();
    for (PrePrepare proposal : message.prePrepares()) {
      for (int i = 0; i < proposal.batches().size(); i++) {
        SlotDigest word = proposal.vote().statement().slots().get(i);
        if (window.within(word.seq())) { // R6.3: what our stable checkpoint covers is settled
          place(proposal, i, position, executions);
        }
      }
    }
    for (SlotState slot : window.above(Math.max(last, executions.handed()))) {
      if (slot.committed() == null) {
        bodies.release(slot); // R8.9: void; its bundles are pending again
      }
    }
    window.known(Math.max(last, executions.handed()));
    return Math.max(last, window.low());
  }

  private void place(PrePrepare proposal, int index, long position, Executions executions) {
    SlotDigest word = proposal.vote().statement().slots().get(index);
    Batch batch = proposal.batches().get(index);
    SlotState slot = window.slot(word.seq());
    CommitCertificate committed = slot.committed();
    if (committed != null && !committed.batch().equals(batch)) {
      // R6.14: a quorum decided otherwise
      turn.quarantine("a new view proposes another batch than the decided one at " + word.seq());
      return;
    }
    slot.touched(position);
    slot.attempt().repropose(proposal, batch, word.batch(), position);
    if (views.isPrimary()) {
      slot.attempt().say(VotePhase.PRE_PREPARE, word.seq(), word.batch());
    }
    if (word.seq() <= executions.executed() && !slot.executed()) {
      slot.markExecuted();
    }
    if (!slot.executed() || !slot.wrote(word.batch())) {
      bodies.claim(slot, batch);
    }
  }
}

package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.InvariantViolation;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;

/**
 * Which epoch and view the replica is in, and whether the view is active.
 *
 * <p>View changes are not carried out yet: their messages are of no use, and nothing arms the view
 * timer. What they will need is kept elsewhere already: slots hold, apart from the state of their
 * current view, the prepared certificate of the highest view with its statements whole; the
 * checkpoints' room holds the stable checkpoint with its quorum.
 */
public final class Views {
  private final Turn turn;
  private long view;
  private boolean recorded;

  /** Starts in view 0, active, as every epoch's first start does. */
  public Views(Turn turn) {
    this.turn = turn;
  }

  /** The membership's epoch. */
  public long epoch() {
    return turn.membership().epoch();
  }

  /** The view the replica is in. */
  public long view() {
    return view;
  }

  /** Whether the view's new-view is accepted (view 0 has none), so that it orders. */
  public boolean active() {
    return true;
  }

  /** The view's primary. */
  public ReplicaId primary() {
    return turn.membership().primary(view);
  }

  /** The primary's place in the membership. */
  public int primaryIndex() {
    return turn.membership().indexOf(primary());
  }

  /** Whether this replica is the view's primary. */
  public boolean isPrimary() {
    return primaryIndex() == turn.selfIndex();
  }

  /** A record that the journal held: neither epoch nor view goes back. */
  public void restore(JournalRecord.InView inView) {
    // R10.3: view and epoch are those of the journal's last record, and never go back
    Invariant.check(
        Property.SAID_STAYS_SAID,
        inView.epoch() == epoch() && inView.view() >= view && inView.active(),
        "the journal's view follows the one before it, in this epoch",
        inView,
        epoch());
    view = inView.view();
    recorded = true;
  }

  /** A record of a view change: this version writes none, and could not keep its word. */
  public InvariantViolation refusal(JournalRecord ofViewChange) {
    return new InvariantViolation(
        Property.SAID_STAYS_SAID,
        "the journal holds a "
            + ofViewChange.getClass().getSimpleName()
            + ", which this version cannot honour");
  }

  /** Writes the view down if the journal doesn't hold it yet. */
  public void recordFirst() {
    if (!recorded) {
      record();
    }
  }

  /** Writes the view down; returns the position. */
  public long record() {
    recorded = true;
    return turn.persist(new JournalRecord.InView(epoch(), view, true));
  }

  /** A view-change of a peer. */
  public void receive(ReplicaId from, PeerMessage.ViewChangeMessage message) {
    turn.reject(from, reason(message.viewChange().statement().epoch()));
  }

  /** A new-view of a peer. */
  public void receive(ReplicaId from, PeerMessage.NewViewMessage message) {
    turn.reject(from, reason(message.newView().statement().epoch()));
  }

  private RejectReason reason(long ofEpoch) {
    return ofEpoch == epoch() ? RejectReason.UNEXPECTED : RejectReason.WRONG_EPOCH;
  }
}

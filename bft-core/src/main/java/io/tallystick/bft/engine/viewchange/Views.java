package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import org.jspecify.annotations.Nullable;

/**
 * Which epoch and view the replica is in, whether the view is active, and the journal's records of
 * that.
 *
 * <p>The view never goes back. It is inactive from the moment at which the replica asks for it
 * until its new-view is accepted; meanwhile the replica takes no part in any view. View 0 needs no
 * new-view.
 */
public final class Views {
  private final Turn turn;
  private long view;
  private boolean active = true;
  private boolean recorded;
  private long changes;
  private @Nullable ViewChangeMessage own;
  private long ownPosition;
  private @Nullable NewViewMessage accepted;
  private long acceptedPosition;

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
    return active;
  }

  /** How many views this replica has asked for, or entered without asking, since it started. */
  public long changes() {
    return changes;
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

  /** Our view-change for the view, once it is signed, while the view isn't active. */
  @Nullable ViewChangeMessage own() {
    return own;
  }

  /** Position of its record. */
  long ownPosition() {
    return ownPosition;
  }

  /** The new-view with which the view began; none in view 0. */
  @Nullable NewViewMessage accepted() {
    return accepted;
  }

  /** Position of its record. */
  long acceptedPosition() {
    return acceptedPosition;
  }

  /** Whether the journal held nothing: this replica has never been in any view. */
  public boolean isFresh() {
    return !recorded;
  }

  /** A record that the journal held. */
  public void restore(JournalRecord.InView inView) {
    follows(inView.epoch(), inView.view());
    if (inView.view() > view) {
      own = null;
      accepted = null;
    }
    view = inView.view();
    active = inView.active();
    recorded = true;
  }

  /** A record that the journal held. */
  public void restore(JournalRecord.OwnViewChange record, long position) {
    var statement = record.message().viewChange().statement();
    follows(statement.epoch(), statement.newView());
    view = statement.newView();
    active = false;
    own = record.message();
    ownPosition = position;
    accepted = null;
    recorded = true;
  }

  /** A record that the journal held. */
  public void restore(JournalRecord.AcceptedNewView record, long position) {
    var statement = record.message().newView().statement();
    follows(statement.epoch(), statement.view());
    view = statement.view();
    active = true;
    own = null;
    accepted = record.message();
    acceptedPosition = position;
    recorded = true;
  }

  private void follows(long recordEpoch, long recordView) {
    // R10.3: view and epoch are those of the journal's last record, and never go back
    Invariant.check(
        Property.SAID_STAYS_SAID,
        recordEpoch == epoch() && recordView >= view,
        "the journal's view follows the one before it, in this epoch",
        recordView,
        view);
  }

  /** Writes the view down if the journal doesn't hold it yet. */
  public void recordFirst() {
    if (!recorded) {
      record();
    }
  }

  /**
   * Writes down again all that a restart needs of the view, so that what comes before may be cut;
   * returns the last position.
   */
  public long record() {
    recorded = true;
    long last = turn.persist(new JournalRecord.InView(epoch(), view, active));
    if (own != null) {
      last = turn.persist(new JournalRecord.OwnViewChange(own)); // R8.3: byte for byte
      ownPosition = last;
    }
    if (accepted != null) {
      last = turn.persist(new JournalRecord.AcceptedNewView(accepted));
      acceptedPosition = last;
    }
    return last;
  }

  /** Leaves the view for a later one, which is not active. */
  void leave(long newView) {
    advance(newView);
    active = false;
    accepted = null;
    record();
  }

  /** Our view-change for the view is signed: writes it down; returns the position. */
  long changed(ViewChangeMessage message) {
    Invariant.check(
        Property.SAID_STAYS_SAID,
        !active && own == null && message.viewChange().statement().newView() == view,
        "one view-change for a view, before it is active",
        view);
    own = message;
    ownPosition = turn.persist(new JournalRecord.OwnViewChange(message));
    return ownPosition;
  }

  /** The view of a new-view is active from here on: writes that down; returns the position. */
  long enter(NewViewMessage message) {
    long newView = message.newView().statement().view();
    if (newView == view) {
      Invariant.check(Property.SAID_STAYS_SAID, !active, "a view is entered once", newView);
      own = null;
    } else {
      advance(newView);
    }
    active = true;
    accepted = message;
    acceptedPosition = turn.persist(new JournalRecord.AcceptedNewView(message));
    return acceptedPosition;
  }

  private void advance(long newView) {
    Invariant.check(
        Property.SAID_STAYS_SAID, newView > view, "the view never goes back", newView, view);
    view = newView;
    own = null;
    changes++;
  }
}

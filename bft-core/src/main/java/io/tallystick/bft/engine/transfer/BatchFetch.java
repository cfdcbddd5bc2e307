package io.tallystick.bft.engine.transfer;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.ordering.Ordering;
import io.tallystick.bft.engine.ordering.Window;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.FetchBatches;

/**
 * A laggard pulls executed batches, a range at a time, from one peer; from the next one when
 * nothing came for an interval. What a peer says of itself only decides whom to ask: each batch
 * brings its own proof.
 */
public final class BatchFetch {
  private final Turn turn;
  private final Window window;
  private final Ordering ordering;
  private final Peers peers;
  private int peer;
  private boolean outstanding;
  private long to;
  private long activeTicks;
  private long executedAtTick = -1;

  /** Nothing is asked for. */
  public BatchFetch(Turn turn, Window window, Ordering ordering, Peers peers) {
    this.turn = turn;
    this.window = window;
    this.ordering = ordering;
    this.peers = peers;
    this.peer = turn.selfIndex();
  }

  /** At each interval: asks if others are ahead and nothing was executed since the last one. */
  public void tick() {
    long executed = ordering.executions().executed();
    boolean stalled = executed == executedAtTick;
    executedAtTick = executed;
    long patience = turn.settings().transfer().statusMillis() * 3L / 4;
    boolean waited = turn.ticks() - activeTicks >= patience;
    if (outstanding && waited) {
      outstanding = false;
      ask(true);
    } else if (!outstanding && stalled && peers.highestExecuted() > executed) {
      ask(false); // R9.3
    }
  }

  /** A peer told where it stands: beyond the window, asks at once. */
  public void noted() {
    if (!outstanding && peers.highestExecuted() > window.high()) {
      ask(false); // R9.3
    }
  }

  /** A batch came, and was of use. */
  public void arrived(CommittedBatch batch) {
    activeTicks = turn.ticks();
    if (outstanding && batch.certificate().seq() >= to) {
      outstanding = false;
    }
  }

  /** At the end of a step: asks for the next range when one has come whole. */
  public void pursue() {
    if (!outstanding && to > 0 && nextWanted() == to + 1) {
      ask(false);
    }
  }

  private long nextWanted() {
    long seq = ordering.executions().handed() + 1;
    while (seq <= to && ordering.decided().holds(seq)) {
      seq++;
    }
    return seq;
  }

  private void ask(boolean another) {
    int max = turn.settings().transfer().fetchBatchesMax();
    long from = ordering.executions().handed() + 1;
    while (ordering.decided().holds(from)) {
      from++;
    }
    if (from > ordering.executions().executed() + max || !turn.voting()) {
      return; // what came waits for the application; asks again when that got further
    }
    int last = another || !peers.reachable(peer) || peers.executed(peer) < from ? peer : peer - 1;
    int chosen = peers.nextAhead((last + turn.membership().n()) % turn.membership().n(), from - 1);
    to = 0;
    if (chosen < 0) {
      return;
    }
    peer = chosen;
    to = Math.min(from + max - 1, peers.executed(chosen));
    outstanding = true;
    activeTicks = turn.ticks();
    turn.send(peers.id(chosen), new FetchBatches(from, to)); // R9.3: one peer at a time, in turn
  }

  /** A laggard asks: it is sent batches from the archive, as many as its budget allows. */
  public void answer(ReplicaId from, FetchBatches ask) {
    int asking = turn.membership().indexOf(from);
    int max = turn.settings().transfer().fetchBatchesMax();
    long last = Math.min(ask.toSeq(), ordering.executions().executed());
    if (asking < 0 || ask.fromSeq() < 1 || ask.toSeq() - ask.fromSeq() >= max) {
      turn.reject(from, RejectReason.OVER_LIMIT);
    } else if (ask.fromSeq() > last) {
      turn.reject(from, RejectReason.UNEXPECTED);
    } else if (!peers.spend(asking, turn.settings().transfer().fetchBytesMax() / 8)) {
      turn.reject(from, RejectReason.TOO_OFTEN);
    } else {
      turn.emit(
          new Effect.SendBatches(
              from, ask.fromSeq(), last, turn.settings().transfer().fetchBytesMax()));
    }
  }
}

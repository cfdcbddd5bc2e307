package io.tallystick.bft.engine.transfer;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.PeerMessage.Status;

/**
 * What the other members said of themselves, unproved, and what they may still be sent. Indexed as
 * the membership is. A peer's word moves no watermark; it only says whom to ask.
 */
public final class Peers {

  private static final class Peer {
    final ByteBudget budget;
    long executed;
    long proofTicks = Long.MIN_VALUE / 2;
    boolean reachable = true;

    Peer(long bytesPerSecond) {
      this.budget = new ByteBudget(bytesPerSecond);
    }
  }

  private final Turn turn;
  private final Peer[] peers;

  /** Knows nothing of anybody yet. */
  public Peers(Turn turn) {
    this.turn = turn;
    this.peers = new Peer[turn.membership().n()];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = new Peer(turn.settings().transfer().bytesPerSecond());
    }
  }

  /** Notes what a peer says of itself. */
  void note(int index, Status status) {
    peers[index].executed = status.executed();
  }

  /** The connection to a peer came up or went down. */
  public void reachable(int index, boolean reachable) {
    peers[index].reachable = reachable;
  }

  /** Last sequence number that the peer says it executed. */
  long executed(int index) {
    return peers[index].executed;
  }

  /** Whether there is a connection to the peer, as far as we know. */
  public boolean reachable(int index) {
    return peers[index].reachable;
  }

  /** The highest sequence number that any other says it executed. */
  long highestExecuted() {
    long highest = 0;
    for (int i = 0; i < peers.length; i++) {
      if (i != turn.selfIndex()) {
        highest = Math.max(highest, peers[i].executed);
      }
    }
    return highest;
  }

  /** Whether a peer may be sent so many bytes again now; spends them if so. */
  public boolean spend(int index, long bytes) {
    return peers[index].budget.spend(bytes, turn.ticks()); // R9.2: bounded in bytes per second
  }

  /** Whether the peer may be told of checkpoints again; notes that it is. */
  boolean mayProve(int index, long intervalTicks) {
    if (turn.ticks() - peers[index].proofTicks < intervalTicks) {
      return false;
    }
    peers[index].proofTicks = turn.ticks();
    return true;
  }

  /** The next reachable peer after {@code index} that says it executed more than {@code seq}. */
  int nextAhead(int index, long seq) {
    int n = peers.length;
    for (int step = 1; step <= n; step++) {
      int candidate = (index + step) % n;
      if (candidate != turn.selfIndex()
          && peers[candidate].reachable
          && peers[candidate].executed > seq) {
        return candidate;
      }
    }
    return -1;
  }

  /** The next peer after {@code index}, skipping ourselves and, if others are, the unreachable. */
  public int next(int index) {
    int n = peers.length;
    int any = -1;
    for (int step = 1; step <= n; step++) {
      int candidate = (index + step) % n;
      if (candidate == turn.selfIndex()) {
        continue;
      }
      if (peers[candidate].reachable) {
        return candidate;
      }
      if (any < 0) {
        any = candidate;
      }
    }
    return any;
  }

  /** The id of the member at {@code index}. */
  public ReplicaId id(int index) {
    return turn.membership().members().get(index).id();
  }
}

package io.tallystick.bft.engine.checkpoint;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Turn;
import java.util.ArrayDeque;

/**
 * Cuts of the journal that wait for our own application: a stable checkpoint covers what comes
 * before it, but our own store must be synced to there too.
 */
final class JournalCuts {
  /** How many wait at most; at one more the oldest is left to the next one. */
  static final int WAITING_MAX = 8;

  private record Waiting(long seq, long below, long afterPosition) {}

  private final Turn turn;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  JournalCuts(Turn turn) {
    this.turn = turn;
  }

  /** Once the application is synced to {@code seq}, nothing below that position is needed. */
  void add(long seq, long below, long afterPosition) {
    waiting.addLast(new Waiting(seq, below, afterPosition));
    if (waiting.size() > WAITING_MAX) {
      waiting.removeFirst();
    }
  }

  /** The application is synced up to {@code seq}. */
  void synced(long seq) {
    Waiting last = null;
    while (!waiting.isEmpty() && waiting.getFirst().seq() <= seq) {
      last = waiting.removeFirst();
    }
    if (last != null) {
      // R7.4: the journal is cut below a stable checkpoint once our own store is synced to there
      turn.emit(new Effect.Cut(last.below(), last.afterPosition()));
    }
  }
}

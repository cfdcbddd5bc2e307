package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.engine.Turn;

/**
 * How long the replica waits: in an active view for progress, in an inactive one for its new-view.
 *
 * <p>The time doubles with each view that brought nothing, up to a bound, and shrinks back as
 * batches are executed.
 */
final class ViewTimer {
  /** The longest time is the shortest times two to this. */
  static final int DOUBLINGS_MAX = 4;

  /** So many batches halve the time, until it is the shortest again. */
  static final int BATCHES_TO_SHRINK = 8;

  private static final int SHORTENED_PART = 4;

  private final Turn turn;
  private int doublings;
  private long executed;
  private long batchesHere;
  private Wait armed = Wait.NONE;
  private boolean shortened;

  /** What is waited for. */
  enum Wait {
    /** Nothing. */
    NONE,
    /** That something goes on, which takes the primary. */
    PROGRESS,
    /** That the primary proposes anything, though nothing waits. */
    IDLE_BATCH
  }

  ViewTimer(Turn turn) {
    this.turn = turn;
  }

  /** After the replay: the application stands here. */
  void started(long executedSoFar) {
    executed = executedSoFar;
  }

  /** How long the next wait is, in ticks. */
  long waitTicks() {
    return (long) turn.parameters().viewTimeoutMillis() << doublings; // R8.6
  }

  /** The application executed up to here. */
  void progress(long executedNow) {
    if (executedNow == executed) {
      return;
    }
    for (long i = executed; i < executedNow && doublings > 0; i++) {
      batchesHere++;
      if (batchesHere % BATCHES_TO_SHRINK == 0) {
        doublings--; // R8.6: and shrinks back with progress
      }
    }
    batchesHere = Math.max(batchesHere, 1);
    executed = executedNow;
    shortened = false;
    if (armed != Wait.NONE) {
      arm(armed); // R8.12: whenever a batch is executed, the primary has all its time again
    }
  }

  /** From now on that is waited for; the time runs from the first step on that says so. */
  void await(Wait wanted) {
    if (wanted == armed) {
      return;
    }
    if (wanted == Wait.NONE) {
      disarm();
    } else {
      arm(wanted);
    }
  }

  /** Whether the connection to the primary is lost, and nothing was executed since. */
  boolean shortened() {
    return shortened;
  }

  /** The connection to the primary is lost: it has less time, until a batch is executed. */
  void shorten(boolean lost) {
    if (shortened == lost) {
      return;
    }
    shortened = lost;
    if (armed != Wait.NONE) {
      arm(armed);
    }
  }

  /** The time was up; returns with the timer unarmed. */
  void expired() {
    armed = Wait.NONE;
  }

  /** The view is left; if it brought nothing, the next waits take longer. */
  void left(boolean failed) {
    if (failed && batchesHere == 0) {
      doublings = Math.min(doublings + 1, DOUBLINGS_MAX); // R8.6: doubles, capped
    }
    next();
  }

  /** A view begins: nothing is counted yet. */
  void next() {
    batchesHere = 0;
    shortened = false;
    disarm();
  }

  private void arm(Wait wait) {
    armed = wait;
    long ticks = waitTicks();
    if (wait == Wait.IDLE_BATCH) {
      ticks += 2L * turn.parameters().idleMillis(); // R8.20
    } else if (shortened) {
      ticks /= SHORTENED_PART; // R8.14
    }
    turn.arm(TimerName.VIEW, ticks);
  }

  private void disarm() {
    if (armed != Wait.NONE) {
      armed = Wait.NONE;
      turn.emit(new Effect.Disarm(TimerName.VIEW));
    }
  }
}

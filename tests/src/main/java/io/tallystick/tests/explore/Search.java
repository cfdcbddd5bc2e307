package io.tallystick.tests.explore;

import io.tallystick.bft.engine.InvariantViolation;
import io.tallystick.bft.message.Bundle;
import io.tallystick.tests.sim.Dice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Walks all states that an opening leads to, depth first, each state once. An engine can't be
 * copied, so a state is reached again by repeating its moves. Threads go in different orders, and
 * meet at states that are visited. For several threads.
 */
final class Search {
  private final Opening opening;
  private final List<Bundle> bundles;
  private final States states;
  private final long statesMax;
  private final AtomicLong entered = new AtomicLong();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private volatile @Nullable List<String> counterexample;

  /** With so many new states at most. */
  Search(Opening opening, List<Bundle> bundles, States states, long statesMax) {
    this.opening = opening;
    this.bundles = bundles;
    this.states = states;
    this.statesMax = statesMax;
  }

  long entered() {
    return entered.get();
  }

  /** The moves that led to what must not be, and what that is; null: nothing was found. */
  @Nullable List<String> counterexample() {
    return counterexample;
  }

  /** Walks on so many threads. */
  void run(int threads) throws InterruptedException {
    new Board(opening, bundles).hash(); // here, because two threads loading classes may block
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Dice dice = new Dice(i);
      running.add(Thread.ofPlatform().name("explore-" + i).start(() -> walk(dice)));
    }
    for (Thread thread : running) {
      thread.join();
    }
  }

  private static final class Level {
    private final List<Integer> moves;
    private int next;

    Level(List<Integer> moves) {
      this.moves = moves;
    }
  }

  private void walk(Dice dice) {
    List<Level> stack = new ArrayList<>();
    List<Integer> path = new ArrayList<>();
    Board board = new Board(opening, bundles);
    stack.add(level(board, dice));
    boolean there = true;
    while (!stack.isEmpty() && !stopped.get()) {
      Level top = stack.getLast();
      if (top.next == top.moves.size()) {
        stack.removeLast();
        if (!path.isEmpty()) {
          path.removeLast();
        }
        there = false;
        continue;
      }
      int move = top.moves.get(top.next++);
      if (!there) {
        board = repeat(path);
      }
      path.add(move);
      there = false;
      if (make(board, move, path)) {
        if (path.size() < opening.depth()) {
          stack.add(level(board, dice));
          there = true;
          continue;
        }
      }
      path.removeLast();
    }
  }

  /** Makes a move; whether it led to a state that is new. */
  private boolean make(Board board, int move, List<Integer> path) {
    try {
      board.move(move);
    } catch (Board.Broken | InvariantViolation e) {
      if (stopped.compareAndSet(false, true)) {
        counterexample = tell(path, String.valueOf(e.getMessage()));
      }
      return false;
    }
    if (!states.enter(board.hash())) {
      return false;
    }
    if (entered.incrementAndGet() >= statesMax) {
      stopped.set(true);
    }
    return true;
  }

  private Level level(Board board, Dice dice) {
    List<Integer> moves = board.moves();
    for (int i = moves.size() - 1; i > 0; i--) {
      Collections.swap(moves, i, dice.below(i + 1));
    }
    return new Level(moves);
  }

  private Board repeat(List<Integer> path) {
    Board board = new Board(opening, bundles);
    path.forEach(board::move);
    return board;
  }

  private List<String> tell(List<Integer> path, String what) {
    List<String> story = new ArrayList<>();
    Board board = new Board(opening, bundles);
    for (int i = 0; i < path.size(); i++) {
      story.add(board.text(path.get(i)));
      if (i + 1 < path.size()) {
        board.move(path.get(i));
      }
    }
    story.add(what);
    return story;
  }
}

package io.tallystick.bft.host;

import io.tallystick.bft.engine.Event;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits for the engine's thread. Our own events come first and are never dropped; each peer,
 * and all clients together, have a lane of bounded length, and lanes take turns: who floods, fills
 * his own lane only. Filled on any thread, emptied by one.
 */
final class EventQueue {
  private record Waiting(Event event, long bytes) {}

  /** The events of one sender. */
  private static final class Lane {
    private final ArrayDeque<Waiting> events = new ArrayDeque<>();
    private long bytes;
  }

  private final int laneEventsMax;
  private final long laneBytesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<Event> own = new ArrayDeque<>();
  private final Lane[] lanes;
  private int turn;
  private int depth;
  private boolean closed;

  EventQueue(int lanes, int laneEventsMax, long laneBytesMax) {
    this.lanes = new Lane[lanes];
    for (int i = 0; i < lanes; i++) {
      this.lanes[i] = new Lane();
    }
    this.laneEventsMax = laneEventsMax;
    this.laneBytesMax = laneBytesMax;
  }

  /** Adds an event of our own. */
  void own(Event event) {
    lock.lock();
    try {
      if (!closed) {
        own.addLast(event);
        filled.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds an event that a message of {@code bytes} caused; false when its lane is full. */
  boolean offer(int lane, Event event, long bytes) {
    lock.lock();
    try {
      Lane into = lanes[lane];
      boolean full =
          into.events.size() >= laneEventsMax
              || !into.events.isEmpty() && into.bytes + bytes > laneBytesMax;
      if (full || closed) {
        return false;
      }
      into.events.addLast(new Waiting(event, bytes));
      into.bytes += bytes;
      depth++;
      filled.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The next event; null when none came for so long, or the queue was closed. */
  @Nullable Event poll(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (own.isEmpty() && depth == 0 && !closed && left > 0) {
        left = filled.awaitNanos(left);
      }
      return own.isEmpty() ? ofALane() : own.removeFirst();
    } catch (InterruptedException e) {
      // Nobody interrupts the engine's thread to any end: it is closed by a flag.
      return null;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Event ofALane() {
    for (int i = 0; i < lanes.length && depth > 0; i++) {
      Lane lane = lanes[turn];
      turn = (turn + 1) % lanes.length;
      Waiting first = lane.events.pollFirst();
      if (first != null) {
        lane.bytes -= first.bytes();
        depth--;
        return first.event();
      }
    }
    return null;
  }

  /** Events of others that wait. */
  int depth() {
    lock.lock();
    try {
      return depth;
    } finally {
      lock.unlock();
    }
  }

  /** Lets go whoever polls; nothing of others is taken any more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      filled.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

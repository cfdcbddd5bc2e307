package io.tallystick.network.session;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads on which what was received is decoded and verified. Sessions take turns, each in its
 * lane; a session waits once at most, so the queues are as long as there are sessions, and what
 * waits behind them is bounded by each session's inbox.
 */
public final class VerificationPool implements AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(VerificationPool.class);
  private static final int CLIENT_TURN = 4;
  private static final long CLOSE_MILLIS_MAX = 5_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final ArrayDeque<Inbox> peers = new ArrayDeque<>();
  private final ArrayDeque<Inbox> clients = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private int turns;
  private boolean closed;

  /** Starts {@code threadCount} daemon threads. */
  public VerificationPool(String name, int threadCount) {
    for (int i = 0; i < threadCount; i++) {
      threads.add(Thread.ofPlatform().daemon().name(name + "-verify-" + i).start(this::work));
    }
  }

  void ready(Inbox inbox) {
    lock.lock();
    try {
      (inbox.lane() == Lane.PEERS ? peers : clients).add(inbox);
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  private void work() {
    try {
      for (Inbox inbox = next(); inbox != null; inbox = next()) {
        inbox.turn();
      }
    } catch (InterruptedException e) {
      // Only close() interrupts, after it has waited long enough: the thread just ends.
      logger.warn("closed with messages that were received and not processed");
    }
  }

  /** Waits for a session that has something; null when the pool is closed and none has. */
  private @Nullable Inbox next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        boolean clientsFirst = ++turns % CLIENT_TURN == 0;
        Inbox inbox = (clientsFirst ? clients : peers).poll();
        if (inbox == null) {
          inbox = (clientsFirst ? peers : clients).poll();
        }
        if (inbox != null || closed) {
          return inbox;
        }
        work.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets what waits be processed, for a few seconds at most, and ends the threads. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
    } finally {
      lock.unlock();
    }
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS_MAX);
    for (Thread thread : threads) {
      if (thread == Thread.currentThread()) {
        continue;
      }
      try {
        long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
        if (left > 0) {
          thread.join(left);
        }
        thread.interrupt();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        threads.forEach(Thread::interrupt);
        return;
      }
    }
  }
}

package io.tallystick.bft.host;

import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One named thread and a bounded queue of what it is to do. Safe on any thread. */
final class Worker implements AutoCloseable {
  /** Something to do; what it throws goes to the worker's failures. */
  interface Task {
    void run() throws IOException;
  }

  /** Takes what a task threw. */
  interface Failures {
    void failed(String worker, Exception cause);
  }

  private final String name;
  private final Failures failures;
  private final ThreadPoolExecutor executor;

  Worker(String name, int queueMax, Failures failures) {
    this.name = name;
    this.failures = failures;
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(queueMax),
            Thread.ofPlatform().name(name).factory());
  }

  /** Queues a task; false when the queue is full, or the worker closed. */
  boolean offer(Task task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Queues a task of which the engine has only so many under way, so that there must be room. */
  void put(Task task) {
    if (!offer(task) && !executor.isShutdown()) {
      throw new IllegalStateException(name + ": more under way than the engine may have");
    }
  }

  /** Queues a task, or runs it at once on the calling thread when the queue is full. */
  void putOrRun(Task task) {
    if (!offer(task)) {
      run(task);
    }
  }

  private void run(Task task) {
    try {
      task.run();
    } catch (IOException | RuntimeException e) {
      failures.failed(name, e);
    } catch (Error e) {
      failures.failed(name, new IllegalStateException(e));
    }
  }

  int depth() {
    return executor.getQueue().size();
  }

  /** Does what is queued, and ends. */
  @Override
  public void close() {
    executor.shutdown();
    boolean interrupted = false;
    while (!executor.isTerminated()) {
      try {
        if (executor.awaitTermination(1, TimeUnit.SECONDS)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

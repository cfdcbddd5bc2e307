package io.tallystick.ledger.daemon;

import io.tallystick.ledger.cli.ExitStatus;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long a daemon runs: until SIGTERM or SIGINT asks it to stop, or it fails. An orderly stop
 * ends the process with status 0.
 */
final class Lifetime {
  private static final Logger LOG = LoggerFactory.getLogger(Lifetime.class);
  private static final long STOP_SECONDS_MAX = 20;

  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch cleaned = new CountDownLatch(1);
  private int status = ExitStatus.DONE;

  /** Listens to signals from now on. */
  void begin() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::signalled, "stop"));
  }

  /** Runs when the process is to end, be it by a signal or by {@code System.exit}. */
  private void signalled() {
    boolean bySignal = over.getCount() > 0;
    over.countDown();
    try {
      if (!cleaned.await(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
        LOG.warn("stop: not done after {} s, ending anyway", STOP_SECONDS_MAX);
        Runtime.getRuntime().halt(ExitStatus.FAILED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (bySignal) {
      // The virtual machine would end with 128 + the signal's number, which isn't "done"
      Runtime.getRuntime().halt(status());
    }
  }

  /** Ends it because it can't go on; the first reason counts. */
  synchronized void fail(int exitStatus) {
    if (over.getCount() > 0) {
      status = exitStatus;
    }
    over.countDown();
  }

  private synchronized int status() {
    return status;
  }

  /** Waits until it is over. */
  int await() throws InterruptedException {
    over.await();
    return status();
  }

  /** Says that all is closed, and the process may end. */
  void cleaned() {
    cleaned.countDown();
  }
}

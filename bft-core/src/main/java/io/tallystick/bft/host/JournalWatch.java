package io.tallystick.bft.host;

import io.tallystick.bft.engine.Event;
import io.tallystick.bft.journal.Journal;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hears the journal: waits for it while the host begins, and tells the engine afterwards. */
final class JournalWatch implements Journal.Listener {
  private static final long PATIENCE_MILLIS = 1_000;

  private final EventQueue events;
  private final HostMetrics metrics;
  private final Consumer<IOException> fatal;
  private long durable;
  private boolean running;
  private boolean space = true;
  private @Nullable IOException failure;

  JournalWatch(EventQueue events, HostMetrics metrics, Consumer<IOException> fatal) {
    this.events = events;
    this.metrics = metrics;
    this.fatal = fatal;
  }

  /** Waits for a position, however long the disk takes or lacks space. */
  synchronized void awaitDurable(long position) throws IOException {
    while (durable < position) {
      if (failure != null) {
        throw new IOException("the journal can't be written: " + failure.getMessage(), failure);
      }
      try {
        wait(PATIENCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the journal was synced", e);
      }
    }
  }

  /** From now on the engine is told; it starts with all that is durable by now. */
  synchronized void run() {
    running = true;
    if (!space) {
      events.own(new Event.DiskSpace(false));
    }
  }

  @Override
  public synchronized void durable(long upTo) {
    durable = upTo;
    if (running) {
      events.own(new Event.Durable(upTo));
    }
    notifyAll();
  }

  @Override
  public synchronized void space(boolean available) {
    space = available;
    if (running) {
      events.own(new Event.DiskSpace(available));
    }
  }

  @Override
  public void failed(IOException cause) {
    synchronized (this) {
      failure = cause;
      notifyAll();
    }
    fatal.accept(cause);
  }

  @Override
  public void synced(long nanos, int records) {
    metrics.synced(nanos, records);
  }
}

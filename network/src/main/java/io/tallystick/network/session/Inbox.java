package io.tallystick.network.session;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.settings.SessionSettings;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one session received, and the pool hasn't processed. It is in the pool's queue once at most,
 * so its items are processed in order. Filled on the event loop, emptied on the pool.
 */
final class Inbox {
  private static final Logger logger = LoggerFactory.getLogger(Inbox.class);
  private static final int TURN_MESSAGES_MAX = 8;
  private static final int TURN_BYTES_MAX = 64 << 10;

  private final Session session;
  private final SessionTerms terms;
  private final HeldBytes held;
  private final VerificationPool pool;
  private final ArrayDeque<Item> items = new ArrayDeque<>();
  private int messages;
  private long bytes;
  private boolean waiting;

  Inbox(Session session, SessionTerms terms, HeldBytes held, VerificationPool pool) {
    this.session = session;
    this.terms = terms;
    this.held = held;
    this.pool = pool;
  }

  private sealed interface Item {
    record Opened() implements Item {}

    record Payload(Bytes bytes) implements Item {}

    record Closed(SessionEnd end) implements Item {}
  }

  Lane lane() {
    return terms.lane();
  }

  void opened() {
    add(new Item.Opened());
  }

  void closed(SessionEnd end) {
    add(new Item.Closed(end));
  }

  /** Whether there is as much as there may be: nothing more is to be read. */
  synchronized boolean full() {
    SessionSettings settings = terms.settings();
    return messages >= settings.receivedMessagesMax() || bytes >= settings.receivedBytesMax();
  }

  /** Whether so much is processed that reading may go on. */
  private synchronized boolean low() {
    SessionSettings settings = terms.settings();
    return messages <= settings.receivedMessagesMax() / 2
        && bytes <= settings.receivedBytesMax() / 2;
  }

  /** Takes a payload; false when the budget has no room for it. */
  boolean received(Bytes payload) {
    if (!held.take(payload.size())) {
      return false;
    }
    add(new Item.Payload(payload));
    return true;
  }

  private void add(Item item) {
    synchronized (this) {
      items.add(item);
      if (item instanceof Item.Payload(var payload)) {
        messages++;
        bytes += payload.size();
      }
      if (waiting) {
        return;
      }
      waiting = true;
    }
    pool.ready(this);
  }

  private synchronized @Nullable Item next() {
    return items.poll();
  }

  /** One turn on the pool. */
  void turn() {
    int left = TURN_BYTES_MAX;
    for (int i = 0; i < TURN_MESSAGES_MAX && left > 0; i++) {
      Item item = next();
      if (item == null) {
        break;
      }
      process(item);
      if (item instanceof Item.Payload(var payload)) {
        left -= payload.size();
        done(payload);
      }
    }
    synchronized (this) {
      if (items.isEmpty()) {
        waiting = false;
        return;
      }
    }
    pool.ready(this);
  }

  private void done(Bytes payload) {
    held.give(payload.size());
    synchronized (this) {
      messages--;
      bytes -= payload.size();
    }
    if (session.paused() && low()) {
      session.resume();
    }
  }

  private void process(Item item) {
    SessionEvents events = terms.events();
    try {
      switch (item) {
        case Item.Opened() -> events.opened(session);
        case Item.Payload(var payload) -> {
          if (session.wantsProcessing() && events.received(session, payload) == Verdict.MALFORMED) {
            session.close(SessionEnd.MALFORMED);
          }
        }
        case Item.Closed(var end) -> events.closed(session, end);
      }
    } catch (RuntimeException e) {
      // We are wrong; the session is given up, the pool's thread and all other sessions go on.
      logger.error("processing of {} failed; its session is closed", session.peer(), e);
      session.close(SessionEnd.INTERNAL);
    }
  }
}

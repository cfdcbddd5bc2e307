package io.tallystick.network.session;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.Channel;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.frame.FrameReader;
import io.tallystick.network.frame.FrameWriter;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.Party;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** One authenticated connection. All methods may be called on any thread, and none blocks. */
public final class Session {
  private final Channel channel;
  private final Agreement agreement;
  private final SessionTerms terms;
  private final NetworkMeters meters;
  private final Counter dropped;
  private final SendQueue queue;
  private final SessionHandler handler;
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicReference<@Nullable SessionEnd> end = new AtomicReference<>();
  private volatile boolean paused;

  private Session(
      Channel channel,
      Agreement agreement,
      SessionTerms terms,
      VerificationPool pool,
      NetworkMeters meters) {
    this.channel = channel;
    this.agreement = agreement;
    this.terms = terms;
    this.meters = meters;
    String label = agreement.peer().label();
    this.dropped = meters.dropped(label);
    HeldBytes held = new HeldBytes(terms.budget());
    this.queue = new SendQueue(terms.settings(), held);
    Inbox inbox = new Inbox(this, terms, held, pool);
    this.handler =
        new SessionHandler(
            this,
            new SessionHandler.Ends(
                new FrameReader(agreement, terms.receivedPayloadBytesMax()),
                new FrameWriter(agreement),
                inbox,
                queue,
                held),
            meters.received(label),
            meters.sent(label));
  }

  /**
   * Makes a connection whose handshake is done a session: its handler goes to the pipeline's end.
   * On its event loop.
   */
  public static Session install(
      Channel channel,
      Agreement agreement,
      SessionTerms terms,
      VerificationPool pool,
      NetworkMeters meters) {
    Session session = new Session(channel, agreement, terms, pool, meters);
    terms.budget().join();
    meters.sessions(terms.lane(), 1);
    channel
        .closeFuture()
        .addListener(
            closed -> {
              terms.budget().leave();
              meters.sessions(terms.lane(), -1);
            });
    channel.pipeline().addLast(session.handler);
    return session;
  }

  /** Who proved to be at the other end. */
  public Party peer() {
    return agreement.peer();
  }

  /** What it said of itself in the handshake. */
  public Announcement announcement() {
    return agreement.announcement();
  }

  /** Whether the link is TLS. */
  public boolean tls() {
    return agreement.tls();
  }

  /**
   * Queues a payload to be sent.
   *
   * @return false when the session is over, its queue is full, or the payload is larger than the
   *     other side takes: it is dropped, and counted
   * @throws IllegalArgumentException when the payload is empty, which would say nothing
   */
  public boolean send(Bytes payload) {
    if (payload.isEmpty()) {
      throw new IllegalArgumentException("payload: 0 bytes (expected: > 0)");
    }
    if (end.get() != null
        || payload.size() > terms.sentPayloadBytesMax()
        || !queue.offer(payload)) {
      dropped.increment();
      return false;
    }
    if (draining.compareAndSet(false, true)) {
      onLoop(this::drain);
    }
    return true;
  }

  private void drain() {
    draining.set(false);
    handler.drain();
  }

  /** Ends it; the first reason counts, later ones are ignored. */
  public void close(SessionEnd why) {
    if (end.compareAndSet(null, why)) {
      meters.ended(why, agreement.peer().label());
      var closing = channel.close();
      // On the loop, after the close: whatever is queued is given back.
      closing.addListener(closed -> handler.discard());
    }
  }

  /** Why it is over; null while it isn't. */
  public @Nullable SessionEnd ended() {
    return end.get();
  }

  /** Whether what was received is worth processing: not after a fault of its sender. */
  boolean wantsProcessing() {
    SessionEnd why = end.get();
    return why == null || why == SessionEnd.CLOSED_BY_PEER || why == SessionEnd.BROKEN;
  }

  SessionTerms terms() {
    return terms;
  }

  /** Whether reading is stopped until the pool has caught up. */
  boolean paused() {
    return paused;
  }

  /** On the event loop. */
  void pause() {
    paused = true;
    channel.config().setAutoRead(false);
  }

  /** Lets reading go on. */
  void resume() {
    onLoop(handler::resume);
  }

  void resumed() {
    paused = false;
    channel.config().setAutoRead(true);
  }

  private void onLoop(Runnable task) {
    try {
      channel.eventLoop().execute(task);
    } catch (RejectedExecutionException e) {
      // The loop ends only when the whole network is closed; the session has ended with it.
      end.compareAndSet(null, SessionEnd.SHUTDOWN);
    }
  }

  @Override
  public String toString() {
    return "Session(" + agreement.peer() + ", " + channel.remoteAddress() + ")";
  }
}

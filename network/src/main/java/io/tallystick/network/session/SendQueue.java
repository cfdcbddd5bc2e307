package io.tallystick.network.session;

import io.tallystick.crypto.Bytes;
import io.tallystick.network.settings.SessionSettings;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Payloads that wait to be sent, bounded in number and bytes. What was handed to the connection
 * counts until the operating system took it. Any thread.
 */
final class SendQueue {
  private static final int MESSAGE_COST_BYTES = 64;

  private final int messagesMax;
  private final long bytesMax;
  private final HeldBytes held;
  private final ConcurrentLinkedQueue<Bytes> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger messages = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  SendQueue(SessionSettings settings, HeldBytes held) {
    this.messagesMax = settings.sendMessagesMax();
    this.bytesMax = settings.sendBytesMax();
    this.held = held;
  }

  /** Queues it; false when that would exceed a bound. */
  boolean offer(Bytes payload) {
    long cost = cost(payload);
    if (messages.incrementAndGet() > messagesMax) {
      messages.decrementAndGet();
      return false;
    }
    if (bytes.addAndGet(cost) > bytesMax || !held.take(cost)) {
      bytes.addAndGet(-cost);
      messages.decrementAndGet();
      return false;
    }
    queue.add(payload);
    return true;
  }

  /** The next, which goes on counting until {@link #sent}. */
  @Nullable Bytes poll() {
    return queue.poll();
  }

  void sent(Bytes payload) {
    long cost = cost(payload);
    messages.decrementAndGet();
    bytes.addAndGet(-cost);
    held.give(cost);
  }

  /** Whether nothing waits, here or in the connection. */
  boolean idle() {
    return messages.get() == 0;
  }

  private static long cost(Bytes payload) {
    return (long) payload.size() + MESSAGE_COST_BYTES;
  }
}

package io.tallystick.ledger.client;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Bundle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that wait to be sent, in order, and when the next of them make a bundle. While few
 * bundles are in flight nobody waits; when loaded, what comes meanwhile fills the next bundle, so
 * signatures per request become few by themselves. For the client's thread.
 */
final class Grouping {
  private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
  private final ClientSettings settings;
  private final int requestsMax;
  private final long bytesMax;
  private final long weightMax;
  private long bytes;

  Grouping(ClientSettings settings, Parameters parameters) {
    this.settings = settings;
    this.requestsMax = Math.min(parameters.bundleRequestsMax(), parameters.batchRequestsMax());
    this.bytesMax = parameters.bundleBytesMax();
    this.weightMax = (long) parameters.batchBytesMax() - Bundle.OVERHEAD_BYTES;
  }

  void add(Waiting one) {
    queue.add(one);
    bytes += one.bytes();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Whether a bundle is due, with that many in flight. */
  boolean due(int inFlight, long ticks) {
    if (queue.isEmpty() || inFlight >= settings.bundlesMax()) {
      return false;
    }
    return inFlight < settings.bundlesEager()
        || queue.size() >= requestsMax
        || bytes >= bytesMax
        || ticks - queue.element().sinceTicks() >= settings.lingerMillis();
  }

  /** When the oldest has waited long enough; only sensible while something waits. */
  long dueTicks() {
    return queue.element().sinceTicks() + settings.lingerMillis();
  }

  /** The requests of the next bundle: as many as may be in one, at least one. */
  List<Waiting> next() {
    List<Waiting> next = new ArrayList<>();
    long sum = 0;
    long weight = 0;
    while (!queue.isEmpty() && next.size() < requestsMax) {
      Waiting one = queue.element();
      weight += one.request(0).weightBytes();
      if (!next.isEmpty() && (sum + one.bytes() > bytesMax || weight > weightMax)) {
        break;
      }
      sum += one.bytes();
      next.add(queue.remove());
    }
    bytes -= sum;
    return next;
  }

  /** Those that waited since before {@code ticks}, taken out. */
  List<Waiting> olderThan(long ticks) {
    List<Waiting> old = new ArrayList<>();
    while (!queue.isEmpty() && queue.element().sinceTicks() < ticks) {
      Waiting one = queue.remove();
      bytes -= one.bytes();
      old.add(one);
    }
    return old;
  }
}

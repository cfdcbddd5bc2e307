package io.tallystick.bft.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Holds back what vouches for journal records until they are on disk ({@code durable-before-vote}).
 * What waits is bounded by the engine's window. Used by the engine's thread.
 */
final class SendBarrier {
  private final TreeMap<Long, List<Runnable>> held = new TreeMap<>();
  private long durable;

  /** Runs {@code send} now if the journal is durable up to there, else as soon as it is. */
  void after(long position, Runnable send) {
    if (position <= durable) {
      send.run();
    } else {
      held.computeIfAbsent(position, _ -> new ArrayList<>()).add(send);
    }
  }

  /** Lets go all that waited for positions up to and with this one, in their order. */
  void durable(long upTo) {
    durable = Math.max(durable, upTo);
    while (!held.isEmpty() && held.firstKey() <= durable) {
      Map.Entry<Long, List<Runnable>> entry = held.pollFirstEntry();
      entry.getValue().forEach(Runnable::run);
    }
  }

  int size() {
    return held.size();
  }
}

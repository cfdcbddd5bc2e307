package io.tallystick.bft.host;

import io.tallystick.bft.engine.TimerName;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** When the engine's timers run out, in ticks. Used by the engine's thread. */
final class Timers {
  private final EnumMap<TimerName, Long> due = new EnumMap<>(TimerName.class);

  void arm(TimerName timer, long atTicks) {
    due.put(timer, atTicks);
  }

  void disarm(TimerName timer) {
    due.remove(timer);
  }

  /** A timer that has run out, which is armed no more; null when there is none. */
  @Nullable TimerName expired(long ticks) {
    for (Map.Entry<TimerName, Long> entry : due.entrySet()) {
      if (entry.getValue() <= ticks) {
        TimerName timer = entry.getKey();
        due.remove(timer);
        return timer;
      }
    }
    return null;
  }

  /** How long until the next runs out, at most {@code max}. */
  long wait(long ticks, long max) {
    long wait = max;
    for (long at : due.values()) {
      wait = Math.min(wait, Math.max(0, at - ticks));
    }
    return wait;
  }
}

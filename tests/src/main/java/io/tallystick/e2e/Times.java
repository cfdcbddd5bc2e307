package io.tallystick.e2e;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Measured times, in milliseconds. For one thread. */
final class Times {
  private final List<Long> millis = new ArrayList<>();

  void add(Duration time) {
    millis.add(time.toMillis());
  }

  long last() {
    return millis.getLast();
  }

  long median() {
    List<Long> sorted = millis.stream().sorted().toList();
    return sorted.isEmpty() ? 0 : sorted.get((sorted.size() - 1) / 2);
  }

  long worst() {
    return millis.stream().mapToLong(Long::longValue).max().orElse(0);
  }

  @Override
  public String toString() {
    return "median_ms=" + median() + " worst_ms=" + worst();
  }
}

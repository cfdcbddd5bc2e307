package io.tallystick.network;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Meters whose counters tell {@link Await} that they changed. */
final class SignallingRegistry extends SimpleMeterRegistry {
  @Override
  protected Counter newCounter(Meter.Id id) {
    Counter counter = super.newCounter(id);
    return new Counter() {
      @Override
      public void increment(double amount) {
        counter.increment(amount);
        Await.changed();
      }

      @Override
      public double count() {
        return counter.count();
      }

      @Override
      public Id getId() {
        return id;
      }
    };
  }
}

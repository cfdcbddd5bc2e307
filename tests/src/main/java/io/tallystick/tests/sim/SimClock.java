package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Now;

/** One machine's clocks: the monotonic one drifts, wall time is off, drifts, and jumps. */
final class SimClock {
  private static final long MILLION = 1_000_000;

  private final Agenda agenda;
  private final long start;
  private final long originTicks;
  private long partsPerMillion;
  private long wallOffMicros;

  SimClock(Agenda agenda, long originTicks) {
    this.agenda = agenda;
    this.start = agenda.now();
    this.originTicks = originTicks;
  }

  /** Runs so much too fast; set once, before anything is timed. */
  void drift(long ppm) {
    partsPerMillion = ppm;
  }

  /** Wall time jumps. */
  void jump(long micros) {
    wallOffMicros += micros;
  }

  private long elapsed() {
    long real = agenda.now() - start;
    return real + real / MILLION * partsPerMillion + real % MILLION * partsPerMillion / MILLION;
  }

  long ticks() {
    return originTicks + elapsed() / 1_000;
  }

  Now now() {
    long elapsed = elapsed();
    return new Now(originTicks + elapsed / 1_000, start + elapsed + wallOffMicros);
  }

  /** Microseconds of real time until the ticks are there, or nearly. */
  long microsUntil(long ticks) {
    long local = (ticks - originTicks) * 1_000 - elapsed();
    return Math.max(0, local - local / MILLION * partsPerMillion);
  }
}

package io.tallystick.house.seeded.bft.client;

/** The client's side is as pure as the engine. */
public final class ReadsTheClock {
  public long now() {
    return System.currentTimeMillis();
  }
}

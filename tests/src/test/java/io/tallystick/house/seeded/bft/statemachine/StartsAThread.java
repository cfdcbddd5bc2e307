package io.tallystick.house.seeded.bft.statemachine;

/** Only the host and the journal have threads. */
public final class StartsAThread {
  public Thread thread(Runnable task) {
    return Thread.ofVirtual().unstarted(task);
  }
}

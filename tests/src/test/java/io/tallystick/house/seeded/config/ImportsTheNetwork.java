package io.tallystick.house.seeded.config;

import io.tallystick.house.seeded.network.ImportsTheLedger;

/** {@code config} knows nothing of {@code network}. */
public final class ImportsTheNetwork {
  public ImportsTheLedger network() {
    return new ImportsTheLedger();
  }
}

package io.tallystick.house.seeded.crypto;

import io.tallystick.house.seeded.bft.engine.PureEngine;

/** {@code crypto} imports nothing of ours. */
public final class ImportsTheEngine {
  public PureEngine engine() {
    return new PureEngine();
  }
}

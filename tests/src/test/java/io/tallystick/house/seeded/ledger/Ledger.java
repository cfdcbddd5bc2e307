package io.tallystick.house.seeded.ledger;

import io.tallystick.house.seeded.bft.engine.PureEngine;

/** May import everything, as it does; must not be imported. */
public final class Ledger {
  public PureEngine engine() {
    return new PureEngine();
  }
}

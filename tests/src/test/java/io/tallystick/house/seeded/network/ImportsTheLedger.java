package io.tallystick.house.seeded.network;

import io.tallystick.house.seeded.ledger.Ledger;

/** {@code network} knows nothing of the ledger. */
public final class ImportsTheLedger {
  public Ledger ledger() {
    return new Ledger();
  }
}

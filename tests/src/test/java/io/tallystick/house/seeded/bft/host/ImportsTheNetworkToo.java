package io.tallystick.house.seeded.bft.host;

import io.tallystick.house.seeded.bft.verify.Verified;
import io.tallystick.house.seeded.network.ImportsTheLedger;

/** {@code bft-core} knows nothing of {@code network}, and only {@code verify} verifies. */
public final class ImportsTheNetworkToo {
  public ImportsTheLedger network() {
    return new ImportsTheLedger();
  }

  /** A thread is fine here, in the host. */
  public Thread thread() {
    return Thread.ofPlatform().unstarted(this::network);
  }

  /** Forged: nothing was checked. */
  public Verified<String> forged() {
    return new Verified<>("forged");
  }
}

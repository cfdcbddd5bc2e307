package io.tallystick.network.handshake;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.PublicKey;

/** One end of a connection. */
public sealed interface Party {
  /** Names it in metrics: few different values, whatever clients do. */
  String label();

  /** A member of the epoch, by its id. */
  record Replica(ReplicaId id) implements Party {
    @Override
    public String label() {
      return id.toString();
    }
  }

  /** A client: whoever holds this key. */
  record Client(PublicKey key) implements Party {
    @Override
    public String label() {
      return "client";
    }
  }
}

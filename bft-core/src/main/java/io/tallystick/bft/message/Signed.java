package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Signature;

/** A statement together with its replica's signature over its layout. */
public record Signed<S extends Statement>(S statement, Signature signature) {
  /** Who signed. */
  public ReplicaId replica() {
    return statement.replica();
  }
}

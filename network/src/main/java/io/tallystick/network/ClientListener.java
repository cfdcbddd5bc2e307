package io.tallystick.network;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;

/**
 * Where a client's network hands in what replicas send; on the verification pool, in order for one
 * replica, several replicas at once.
 */
public interface ClientListener {
  /** A session with a replica came up or went down. */
  void reachable(ReplicaId replica, boolean reachable);

  /** One frame's payload. {@link Verdict#MALFORMED} closes the session; it is dialled again. */
  Verdict received(ReplicaId replica, Bytes payload);
}

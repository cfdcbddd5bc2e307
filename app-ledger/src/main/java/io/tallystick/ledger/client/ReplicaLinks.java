package io.tallystick.ledger.client;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;

/** Authenticated sessions with the replicas, as a client uses them. */
public interface ReplicaLinks extends AutoCloseable {
  /**
   * Queues an encoded message; never blocks.
   *
   * @return false when it is dropped: there is no session, or its queue is full
   */
  boolean send(ReplicaId to, Bytes payload);

  /** Ends all sessions. */
  @Override
  void close();

  /** Hears what comes in, on the network's threads. */
  interface Listener {
    /** A session came up or went down. */
    void reachable(ReplicaId replica, boolean reachable);

    /** One frame's payload. */
    Verdict received(ReplicaId replica, Bytes payload);
  }

  /** Opens sessions that report to a listener. */
  @FunctionalInterface
  interface Opener {
    /** Dials all replicas, and keeps dialling those that are away, until closed. */
    ReplicaLinks open(Listener listener);
  }
}

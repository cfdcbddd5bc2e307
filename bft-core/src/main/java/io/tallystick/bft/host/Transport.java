package io.tallystick.bft.host;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;

/** The network as the host sees it. Never blocks; what a slow peer can't take is dropped. */
public interface Transport {
  /**
   * Queues an encoded peer message on the session with {@code to}.
   *
   * @return false when there is no session, or its queue is full: the message is dropped
   */
  boolean send(ReplicaId to, Bytes payload);
}

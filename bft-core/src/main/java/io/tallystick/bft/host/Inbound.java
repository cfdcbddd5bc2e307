package io.tallystick.bft.host;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;

/**
 * Where the network hands in what came over authenticated sessions. Payload methods are called on
 * the network's verification pool, several at a time; they decode, verify, and pass on.
 */
public interface Inbound {
  /** A session with a peer came up or went down. */
  void peerReachable(ReplicaId peer, boolean reachable);

  /** One frame's payload from a peer. */
  Verdict fromPeer(ReplicaId peer, Bytes payload);

  /** A client's session is there. */
  void opened(ClientSession session);

  /** A client's session is gone. */
  void closed(ClientSession session);

  /** One frame's payload from a client. */
  Verdict fromClient(ClientSession session, Bytes payload);

  /** What the sender of a payload deserves. */
  enum Verdict {
    /** Taken. */
    ACCEPTED,
    /** Of no use now, though no fault: dropped. */
    DROPPED,
    /** No correct sender sends this: the connection is closed, the fault counted. */
    MALFORMED
  }
}

package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Event;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.crypto.PublicKey;

/** What a replica's process reaches: the network, and whoever watches. */
interface Surroundings {
  /** Sends to the peer at an index. */
  void send(int from, int to, PeerMessage message);

  /** Answers a client, if it has a session. */
  void answer(int from, PublicKey client, Answer answer);

  /** An event is about to be taken. */
  void takes(SimReplica replica, Event event);

  /** A process came up or went down; its peers notice. */
  void reachable(int index, boolean up);
}

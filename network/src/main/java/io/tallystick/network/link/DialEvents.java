package io.tallystick.network.link;

import io.tallystick.network.handshake.HandshakeRefusal;

/** How a connection's handshake ended, for whoever waits for it. On the event loop. */
interface DialEvents {
  /** There is a session. */
  void established();

  /** There will be none; the connection is being closed. */
  void refused(HandshakeRefusal reason, boolean byOther);
}

package io.tallystick.network.handshake;

import java.util.Optional;

/** Asked last, once a party has proved who it is. Any thread. */
public interface Admission {
  /** Why this party gets no session now; empty when it does. */
  Optional<HandshakeRefusal> admit(Party peer, Announcement announcement);
}

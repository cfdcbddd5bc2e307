package io.tallystick.network.link;

import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.session.SessionTerms;
import java.net.InetAddress;
import java.util.Optional;

/** Decides who gets a session, and on what terms. Called on event loops; never blocks. */
public interface SessionHost {
  /** Takes in a party that proved who it is, or says why not. */
  Optional<HandshakeRefusal> admit(Party peer, Announcement announcement, InetAddress remote);

  /** The terms of a party that was just taken in. */
  SessionTerms terms(Party peer);

  /** The connection of a party that was taken in is gone. */
  void gone(Party peer, InetAddress remote);
}

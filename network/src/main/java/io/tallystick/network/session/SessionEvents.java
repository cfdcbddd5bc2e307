package io.tallystick.network.session;

import io.tallystick.bft.host.Inbound.Verdict;
import io.tallystick.crypto.Bytes;

/** What a session tells its owner; on the verification pool, one call at a time for one session. */
public interface SessionEvents {
  /** Both sides hold the keys: the first right frame arrived. Called once, first. */
  void opened(Session session);

  /** One frame's payload, never empty. */
  Verdict received(Session session, Bytes payload);

  /** It is over. Called once, last, if and only if {@link #opened} was. */
  void closed(Session session, SessionEnd end);
}

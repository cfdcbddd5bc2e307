package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import java.util.Optional;

/** What follows from a message of a handshake. */
public sealed interface Step {
  /** Send this, and wait for more. */
  record Reply(Bytes message) implements Step {}

  /** Send this, if there is one; from now on there are frames. */
  record Done(Optional<Bytes> message, Agreement agreement) implements Step {}

  /**
   * Send this, if there is one, and close.
   *
   * @param byOther whether the other side refused us; then nobody has verified the reason
   * @param culprit whose fault it is, as far as that is proved: empty before authentication
   */
  record Refused(
      HandshakeRefusal reason, Optional<Bytes> message, boolean byOther, Optional<Party> culprit)
      implements Step {}
}

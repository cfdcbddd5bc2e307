package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import java.util.Optional;

/** One side of one handshake. Not safe for several threads; of no use after it is done. */
public interface Handshake {
  /** Length of the longest message, type byte included: a hello that offers 16 versions, signed. */
  int MESSAGE_BYTES_MAX = 1 + 1 + 2 * Hello.VERSIONS_MAX + 182 + 64;

  /** What to send before anything was received. */
  Optional<Bytes> first();

  /** Takes one whole message, its type byte first. */
  Step receive(Bytes message);
}

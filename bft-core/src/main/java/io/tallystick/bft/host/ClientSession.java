package io.tallystick.bft.host;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;

/** One authenticated connection of a client. A client may have several. */
public interface ClientSession {
  /** The key it proved to hold. */
  PublicKey client();

  /**
   * Queues an encoded client message; never blocks.
   *
   * @return false when the session is closed, or its queue is full: the message is dropped
   */
  boolean send(Bytes payload);
}

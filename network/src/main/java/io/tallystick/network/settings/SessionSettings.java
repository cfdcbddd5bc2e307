package io.tallystick.network.settings;

/**
 * What one authenticated session may cost. Payload limits aren't here: they follow from the
 * cluster's parameters.
 *
 * @param receivedMessagesMax received, and not yet processed; at it nothing more is read
 * @param receivedBytesMax likewise in bytes of payload; one frame may exceed it
 * @param sendMessagesMax queued to be sent; at it messages are dropped
 * @param sendBytesMax likewise in bytes
 * @param frameMillisMax from a frame's first byte to its last
 * @param keepaliveMillis an empty frame is sent when nothing was for this long
 * @param silenceMillisMax the session ends when nothing arrives for this long
 * @param stallMillisMax the session ends when the peer takes nothing of what waits for this long
 */
public record SessionSettings(
    int receivedMessagesMax,
    long receivedBytesMax,
    int sendMessagesMax,
    long sendBytesMax,
    int frameMillisMax,
    int keepaliveMillis,
    int silenceMillisMax,
    int stallMillisMax) {
  /** Of a session with a replica. */
  public static final SessionSettings OF_PEER =
      new SessionSettings(256, 2L << 20, 8_192, 24L << 20, 30_000, 2_000, 10_000, 30_000);

  /** Of a session with a client, at a replica. */
  public static final SessionSettings OF_CLIENT =
      new SessionSettings(64, 1L << 20, 1_024, 8L << 20, 30_000, 2_000, 10_000, 30_000);

  /** Refuses what makes no session possible. */
  public SessionSettings {
    Bounds.atLeast("receivedMessagesMax", receivedMessagesMax, 1);
    Bounds.atLeast("receivedBytesMax", receivedBytesMax, 1);
    Bounds.atLeast("sendMessagesMax", sendMessagesMax, 1);
    Bounds.atLeast("sendBytesMax", sendBytesMax, 1);
    Bounds.atLeast("frameMillisMax", frameMillisMax, 1);
    Bounds.atLeast("keepaliveMillis", keepaliveMillis, 1);
    Bounds.atLeast("silenceMillisMax", silenceMillisMax, 2L * keepaliveMillis);
    Bounds.atLeast("stallMillisMax", stallMillisMax, 1);
  }
}

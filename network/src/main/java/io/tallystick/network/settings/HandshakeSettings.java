package io.tallystick.network.settings;

/**
 * What a connection may cost before it has proved who it is.
 *
 * @param bytesMax longest message of a handshake; TLS's own records are bounded by TLS
 * @param millisMax from connect or accept to the finished handshake, TLS included
 * @param connectMillisMax until a dialled address answers
 * @param unauthenticatedMax accepted connections that aren't authenticated yet, in total
 * @param unauthenticatedPerAddressMax and from one remote address
 */
public record HandshakeSettings(
    int bytesMax,
    int millisMax,
    int connectMillisMax,
    int unauthenticatedMax,
    int unauthenticatedPerAddressMax) {
  /** Safe values. */
  public static final HandshakeSettings DEFAULTS =
      new HandshakeSettings(512, 5_000, 3_000, 128, 64);

  /** Refuses what makes no connection possible. */
  public HandshakeSettings {
    Bounds.atLeast("bytesMax", bytesMax, 300);
    Bounds.atLeast("millisMax", millisMax, 1);
    Bounds.atLeast("connectMillisMax", connectMillisMax, 1);
    Bounds.atLeast("unauthenticatedMax", unauthenticatedMax, 1);
    Bounds.atLeast("unauthenticatedPerAddressMax", unauthenticatedPerAddressMax, 1);
  }
}

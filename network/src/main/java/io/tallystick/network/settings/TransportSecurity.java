package io.tallystick.network.settings;

/** When links are TLS. Frames carry a MAC wherever they aren't. */
public enum TransportSecurity {
  /** TLS to and from any address but loopback; the default. */
  AUTOMATIC,
  /** TLS everywhere; plain connections are refused, loopback's too. */
  TLS,
  /** Insecure, to be spelled out: never dials TLS, and takes plain connections from anywhere. */
  PLAIN_INSECURE
}

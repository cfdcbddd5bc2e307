package io.tallystick.network.settings;

/**
 * What all clients of a replica may cost together.
 *
 * @param sessionsMax sessions in total
 * @param sessionsPerKeyMax and of one key
 * @param sessionsPerAddressMax and from one remote address
 * @param bytesMax received and not processed, partly received, or waiting to be sent, of all
 *     sessions; beyond it each may hold its even share
 */
public record ClientLimits(
    int sessionsMax, int sessionsPerKeyMax, int sessionsPerAddressMax, long bytesMax) {
  /** Safe values. */
  public static final ClientLimits DEFAULTS = new ClientLimits(256, 8, 128, 128L << 20);

  /** Refuses what admits nobody. */
  public ClientLimits {
    Bounds.atLeast("sessionsMax", sessionsMax, 1);
    Bounds.atLeast("sessionsPerKeyMax", sessionsPerKeyMax, 1);
    Bounds.atLeast("sessionsPerAddressMax", sessionsPerAddressMax, 1);
    Bounds.atLeast("bytesMax", bytesMax, 1);
  }
}

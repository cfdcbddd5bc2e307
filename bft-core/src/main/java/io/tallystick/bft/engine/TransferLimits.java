package io.tallystick.bft.engine;

/**
 * How much catching up may cost, at this replica and at the peers it asks.
 *
 * @param statusMillis how often a replica says where it stands; also the interval in which a peer
 *     is sent no item twice
 * @param missingSlotsMax most slots that one status lists
 * @param fetchBundlesMax most digests of one fetch
 * @param fetchBatchesMax most executed batches of one fetch
 * @param fetchBytesMax most bytes of batches in answer to one fetch
 * @param bytesPerSecond most bytes a second that one peer is sent again
 */
public record TransferLimits(
    int statusMillis,
    int missingSlotsMax,
    int fetchBundlesMax,
    int fetchBatchesMax,
    int fetchBytesMax,
    long bytesPerSecond) {
  /** Refuses limits under which nobody would ever catch up. */
  public TransferLimits {
    atLeastOne("status millis", statusMillis);
    atLeastOne("missing slots", missingSlotsMax);
    atLeastOne("fetched bundles", fetchBundlesMax);
    atLeastOne("fetched batches", fetchBatchesMax);
    atLeastOne("fetched bytes", fetchBytesMax);
    atLeastOne("bytes per second", bytesPerSecond);
  }

  /** The values of a new node. */
  public static TransferLimits defaults() {
    return new TransferLimits(200, 64, 256, 64, 8 << 20, 64 << 20);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}

package io.tallystick.ledger.client;

import io.tallystick.bft.membership.Parameters;

/**
 * Bounds and times of a client.
 *
 * @param bundlesEager while fewer bundles are in flight, a request is sent at once
 * @param bundlesMax most bundles in flight
 * @param requestsMax most requests that wait or are in flight
 * @param bytesMax most payload bytes of these
 * @param lingerMillis a request that waits for company is sent after this long in any case
 * @param timeoutMillis a request's deadline is this far ahead in ledger time
 * @param queryMillis a question without an answer fails after this long
 * @param queriesMax most questions that wait for an answer
 * @param pollMillis how often replicas are asked how they stand
 */
public record ClientSettings(
    int bundlesEager,
    int bundlesMax,
    int requestsMax,
    long bytesMax,
    long lingerMillis,
    long timeoutMillis,
    long queryMillis,
    int queriesMax,
    long pollMillis) {

  /** Refuses what can't work. */
  public ClientSettings {
    atLeast("bundlesEager", bundlesEager, 1);
    atLeast("bundlesMax", bundlesMax, bundlesEager);
    atLeast("requestsMax", requestsMax, 1);
    atLeast("bytesMax", bytesMax, 1);
    atLeast("lingerMillis", lingerMillis, 0);
    atLeast("timeoutMillis", timeoutMillis, 1);
    atLeast("queryMillis", queryMillis, 1);
    atLeast("queriesMax", queriesMax, 1);
    atLeast("pollMillis", pollMillis, 1);
  }

  /** Safe values for a cluster: deadlines four times the skew ahead, within half of what may be. */
  public static ClientSettings of(Parameters parameters) {
    long timeoutMillis =
        Math.max(
            4L * parameters.skewMillis(), Math.min(20_000, parameters.deadlineMillisMax() / 2));
    return new ClientSettings(4, 128, 16_384, 64L << 20, 50, timeoutMillis, 5_000, 4_096, 1_000);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}

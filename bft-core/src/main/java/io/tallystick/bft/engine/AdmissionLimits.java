package io.tallystick.bft.engine;

/**
 * What one replica admits of clients' bundles; each replica has its own. Whatever is ordered is
 * executed, whoever admitted it.
 *
 * @param clientBytes most bytes pending of one client, as {@code Bundle.weightBytes} counts
 * @param clientRequests most requests pending of one client
 * @param totalBytes most bytes pending of all clients together
 * @param totalRequests most requests pending of all clients together
 * @param retryMillis when a refused client may try again
 */
public record AdmissionLimits(
    long clientBytes, int clientRequests, long totalBytes, int totalRequests, long retryMillis) {
  /** Refuses limits under which nothing would ever be admitted. */
  public AdmissionLimits {
    atLeastOne("client bytes", clientBytes);
    atLeastOne("client requests", clientRequests);
    atLeastOne("total bytes", totalBytes);
    atLeastOne("total requests", totalRequests);
    atLeastOne("retry millis", retryMillis);
  }

  /** Values for a replica with half a gigabyte of heap. */
  public static AdmissionLimits defaults() {
    return new AdmissionLimits(32 << 20, 8_192, 96 << 20, 32_768, 200);
  }

  private static void atLeastOne(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
    }
  }
}

package io.tallystick.bft.membership;

/**
 * What decides whether a bundle or a batch is acceptable, alike at all replicas: part of genesis,
 * changed only through the ledger (design 16).
 *
 * @param checkpointInterval K: a checkpoint every K sequence numbers
 * @param checkpointSeconds and one whenever ledger time enters another span of this length
 * @param window W: sequence numbers between the low and the high watermark; at least 2K
 * @param pipelineDepth most proposals unfinished at once
 * @param headInterval a published head every so many sequence numbers
 * @param headMillis and one whenever ledger time enters another span of this length
 * @param idleMillis an idle primary proposes an empty batch after this long
 * @param viewTimeoutMillis how long a backup waits for progress before it asks for another view
 * @param skewMillis how far a proposal's timestamp may be ahead of a backup's clock
 * @param deadlineMillisMax M: how far ahead of ledger time a deadline may be
 * @param outcomesMax most outcomes that are remembered at a time
 * @param payloadBytesMax largest payload of one request
 * @param bundleRequestsMax most requests of one bundle
 * @param bundleBytesMax largest sum of payloads of one bundle
 * @param batchBundlesMax most bundles of one batch
 * @param batchRequestsMax most requests of one batch
 * @param batchBytesMax largest encoded size of the bundles of one batch, together
 * @param voteSlotsMax most sequence numbers that one signed vote names
 */
public record Parameters(
    int checkpointInterval,
    int checkpointSeconds,
    int window,
    int pipelineDepth,
    int headInterval,
    int headMillis,
    int idleMillis,
    int viewTimeoutMillis,
    int skewMillis,
    int deadlineMillisMax,
    int outcomesMax,
    int payloadBytesMax,
    int bundleRequestsMax,
    int bundleBytesMax,
    int batchBundlesMax,
    int batchRequestsMax,
    int batchBytesMax,
    int voteSlotsMax) {

  /** The values of a new cluster. */
  public static Parameters defaults() {
    return new Parameters(
        128, 30, 256, 4, 16, 200, 1_000, 2_000, 5_000, 60_000, 1_000_000, 1 << 20, 1_024, 2 << 20,
        256, 4_096, 4 << 20, 16);
  }

  /**
   * Bound on the largest view-change and new-view of {@code n} replicas, in bytes: every slot of
   * the window prepared, with as many bundles as a batch may name, and statements that name as many
   * slots as a vote may.
   */
  public long viewChangeBytesMax(int n) {
    long batch = 32 + 34L * batchBundlesMax;
    long vote = 96 + 48L * voteSlotsMax;
    long certificate = 32 + batch + Quorums.quorum(n) * vote;
    long viewChange = 256 + 256L * n + window * certificate;
    long newView = 256 + 64L * n + window * (34 + batch + vote);
    return Math.max(viewChange, newView);
  }

  /** Most digests of bundles in one message that asks for them, or offers them. */
  public int fetchDigestsMax() {
    return 4 * batchBundlesMax;
  }

  /** Largest frame that any message of a cluster with these parameters may need, in bytes. */
  public int frameBytesMax() {
    return batchBytesMax + (2 << 20);
  }
}

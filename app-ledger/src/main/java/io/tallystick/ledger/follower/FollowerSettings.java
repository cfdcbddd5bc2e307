package io.tallystick.ledger.follower;

/**
 * How a follower goes about it; bounds of one node, which make it slower at worst.
 *
 * @param pollMillis how often replicas are asked for their newest head
 * @param waitedPollMillis and how often while somebody waits for entries
 * @param answerMillis a replica that takes longer to answer is passed over
 * @param silentMillis how long one that didn't answer isn't asked again, if others are left
 * @param liarMillis and how long one that lied
 * @param asksInFlight most answers with entries that are awaited, or in memory, at a time
 * @param syncMillis how often what was appended is made durable: what a crash loses is read again
 * @param retryMillis pause after a disk failure, doubled up to 32 times that
 */
public record FollowerSettings(
    int pollMillis,
    int waitedPollMillis,
    int answerMillis,
    int silentMillis,
    int liarMillis,
    int asksInFlight,
    int syncMillis,
    int retryMillis) {
  /** What suits a gateway. */
  public static final FollowerSettings DEFAULTS =
      new FollowerSettings(100, 20, 2_500, 5_000, 60_000, 4, 1_000, 1_000);

  /** Checks that all are positive. */
  public FollowerSettings {
    int least =
        Math.min(
            Math.min(Math.min(pollMillis, waitedPollMillis), Math.min(answerMillis, silentMillis)),
            Math.min(Math.min(liarMillis, asksInFlight), Math.min(syncMillis, retryMillis)));
    if (least < 1) {
      throw new IllegalArgumentException("follower setting: " + least + " (expected: >= 1)");
    }
  }
}

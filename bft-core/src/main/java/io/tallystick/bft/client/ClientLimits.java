package io.tallystick.bft.client;

/**
 * Bounds and paces of a client. All times in milliseconds of ticks.
 *
 * @param bundlesMax most bundles in flight
 * @param retransmitMillis until a bundle is sent again to those that didn't answer; doubles
 * @param retransmitMillisMax what that doubles up to
 * @param fullMillis until another replica is asked for the answer in full
 * @param proofMillis until a decided bundle's proof is given up on
 * @param askMillis until outcomes are asked for again; doubles
 * @param askMillisMax what that doubles up to
 * @param asksMax most requests of one bundle whose outcomes are asked for at once
 * @param giveUpMillis after its deadline, when nobody can tell any more how a bundle ended
 * @param resendsMax most bundles sent at once to a replica that came back
 */
public record ClientLimits(
    int bundlesMax,
    long retransmitMillis,
    long retransmitMillisMax,
    long fullMillis,
    long proofMillis,
    long askMillis,
    long askMillisMax,
    int asksMax,
    long giveUpMillis,
    int resendsMax) {

  /** Values for a cluster whose deadlines are at most {@code deadlineMillisMax} ahead. */
  public static ClientLimits of(int bundlesMax, long deadlineMillisMax) {
    return new ClientLimits(
        bundlesMax, 1_000, 16_000, 500, 8_000, 250, 4_000, 64, deadlineMillisMax, 64);
  }
}

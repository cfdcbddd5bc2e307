package io.tallystick.bft.engine;

/** Why the engine had no use for a verified message. Most are lag, none is proof of a fault. */
public enum RejectReason {
  /** Of an epoch that isn't this one. */
  WRONG_EPOCH,
  /** Of a view that isn't this one. */
  WRONG_VIEW,
  /** A pre-prepare that isn't the primary's of its view. */
  NOT_PRIMARY,
  /** Below the low or above the high watermark. */
  OUTSIDE_WATERMARKS,
  /** Said already. */
  DUPLICATE,
  /** Contradicts what its sender said for the same slot; evidence is kept. */
  EQUIVOCATION,
  /** A proposal that breaks a bound of the parameters. */
  OVER_LIMIT,
  /** A body, batch or proof that nobody asked for. */
  UNSOLICITED,
  /** A request beyond what a peer may ask for in an interval. */
  TOO_OFTEN,
  /** A new-view that doesn't follow from the view-changes which it names. */
  BAD_NEW_VIEW,
  /** What isn't done while the replica doesn't vote. */
  NOT_VOTING,
  /** A kind of message that this epoch has no use for. */
  UNEXPECTED
}

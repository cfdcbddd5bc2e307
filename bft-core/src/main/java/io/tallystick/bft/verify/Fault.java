package io.tallystick.bft.verify;

/** Why a value failed; the name, in lower case, is the reason in metrics. */
public enum Fault {
  /** Of an epoch whose members aren't known here: can't be checked, so is never counted. */
  WRONG_EPOCH,
  /** Names a replica that the epoch doesn't have. */
  UNKNOWN_REPLICA,
  /** Says that it is another replica's than the session's. */
  WRONG_PEER,
  /** A statement of a kind, phase or signer that has no place there. */
  OUT_OF_PLACE,
  /** Sequence numbers that aren't strictly ascending, or out of range. */
  BAD_SLOTS,
  /** More, or more bytes, than the parameters allow. */
  OVER_LIMIT,
  /** A name, stream, content type or id that breaks its rule. */
  BAD_NAME,
  /** A digest or commitment that isn't that of what it stands for. */
  DIGEST_MISMATCH,
  /** A certificate with too few signers, one of them twice, or over something else. */
  BAD_CERTIFICATE,
  /** A signature that doesn't verify. */
  BAD_SIGNATURE;

  /** Whether correct senders may cause it, by being ahead or behind. */
  public boolean isLag() {
    return this == WRONG_EPOCH;
  }
}

package io.tallystick.ledger.client;

import io.tallystick.bft.message.OutcomeKind;

/** What became of a request. */
public sealed interface SubmitResult {

  /**
   * It is in the ledger.
   *
   * @param repeated whether an earlier request with the same id and content made the entry
   */
  record Committed(CommittedEntry entry, boolean repeated) implements SubmitResult {}

  /**
   * It took effect at an index, so f+1 replicas say, but the proof couldn't be had in time: a
   * verified copy of the ledger has it, or will.
   */
  record CommittedAt(long index) implements SubmitResult {}

  /** It did not take effect; {@code kind} says why, {@code reason} says it to a person. */
  record Rejected(OutcomeKind kind, String reason) implements SubmitResult {}

  /** A barrier: everything ordered before it has been executed. */
  record Reached() implements SubmitResult {}

  /** Nobody can tell yet: a verified copy of the ledger past the deadline can. */
  record Unknown(long deadlineMicros) implements SubmitResult {}
}

package io.tallystick.ledger.state;

import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.RequestId;
import io.tallystick.crypto.StatementWriter;

/**
 * How a request ended, as it is remembered: a leaf of the outcomes tree ("outcome record").
 *
 * @param kind {@code COMMITTED} or {@code REJECTED}
 * @param index of the entry; for a rejection its {@link Rejection#code}
 * @param expiresMicros last ledger time at which it counts
 */
record OutcomeRecord(
    String principal, RequestId id, OutcomeKind kind, long index, long expiresMicros) {
  /** What follows the principal in a leaf, in bytes. */
  static final int TAIL_BYTES = RequestId.LENGTH + 1 + 2 * Long.BYTES;

  byte[] leaf() {
    return new StatementWriter()
        .string(principal)
        .raw(id.bytes())
        .u8(kind.code())
        .u64(index)
        .u64(expiresMicros)
        .toArray();
  }

  /** What is answered to whoever repeats the request, or asks. */
  Outcome outcome() {
    return outcome(kind, index);
  }

  static Outcome outcome(OutcomeKind kind, long index) {
    if (kind == OutcomeKind.COMMITTED) {
      return Outcome.committed(index);
    }
    String reason = Rejection.of(index).map(Rejection::reason).orElse("rejected, code " + index);
    return Outcome.refused(kind, reason);
  }
}

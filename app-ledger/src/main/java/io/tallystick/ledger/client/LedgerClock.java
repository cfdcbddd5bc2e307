package io.tallystick.ledger.client;

import java.util.OptionalLong;

/**
 * What the client knows of ledger time, for other threads to read.
 *
 * @param ledgerMicros at least one correct replica has come that far
 * @param expectedAtMicros where it should have been at {@code ticks}
 */
record LedgerClock(OptionalLong ledgerMicros, OptionalLong expectedAtMicros, long ticks) {
  static final LedgerClock NONE = new LedgerClock(OptionalLong.empty(), OptionalLong.empty(), 0);

  /** Where ledger time should be by now. */
  OptionalLong expectedMicros(long nowTicks) {
    return expectedAtMicros.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(expectedAtMicros.getAsLong() + Math.max(0, nowTicks - ticks) * 1_000);
  }
}

package io.tallystick.ledger.cli;

import io.tallystick.crypto.Bytes;

/** What a benchmark appends through. */
interface BenchTarget extends AutoCloseable {
  /**
   * Appends one entry, and waits for its receipt.
   *
   * @return whether it holds one
   */
  boolean append(Bytes payload) throws Exception;

  @Override
  void close();
}

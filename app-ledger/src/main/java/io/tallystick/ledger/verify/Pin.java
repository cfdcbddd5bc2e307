package io.tallystick.ledger.verify;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;

/** What the verifying party knows of the ledger from elsewhere. */
public sealed interface Pin {
  /** SHA-256 of genesis.json. */
  record GenesisHash(Digest hash) implements Pin {}

  /** The trust policy as a tlog-policy file. */
  record Policy(Bytes file) implements Pin {}

  /** Nothing: the export can only be consistent in itself. */
  record Nothing() implements Pin {}
}

package io.tallystick.ledger.export;

import io.tallystick.ledger.entry.EntryKind;
import io.tallystick.ledger.entry.Envelope;

/** Which payloads somebody may read. System entries are for everybody, whatever this says. */
@FunctionalInterface
public interface PayloadAccess {
  /** Everything. */
  PayloadAccess ALL = envelope -> true;

  /** Whether the payload of the entry with this envelope may be read. */
  boolean mayRead(Envelope envelope);

  /** As {@link #mayRead}, and system entries always. */
  default boolean shows(Envelope envelope) {
    return envelope.kind() == EntryKind.SYSTEM || mayRead(envelope);
  }
}

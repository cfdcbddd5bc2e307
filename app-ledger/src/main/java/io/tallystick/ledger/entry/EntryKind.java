package io.tallystick.ledger.entry;

import java.util.Optional;

/** Who an entry comes from. */
public enum EntryKind {
  /** A client's. */
  EVENT("event"),
  /** The ledger's own: genesis, and what the administrators ordered. */
  SYSTEM("system");

  private final String text;

  EntryKind(String text) {
    this.text = text;
  }

  /** As the envelope writes it. */
  public String text() {
    return text;
  }

  static Optional<EntryKind> of(String text) {
    for (EntryKind kind : values()) {
      if (kind.text.equals(text)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

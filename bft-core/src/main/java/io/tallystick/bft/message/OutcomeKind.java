package io.tallystick.bft.message;

import java.util.Optional;

/** How a request ended, or why it can't be told. The code is what travels and is hashed. */
public enum OutcomeKind {
  /** It took effect, at an index. */
  COMMITTED(1),
  /** The application refused it, and remembers that it did. */
  REJECTED(2),
  /** No grant for this client, principal and stream; nothing recorded. */
  NOT_GRANTED(3),
  /** The principal used this id for another request. */
  ID_REUSED(4),
  /** Its deadline has passed, and it never took effect. */
  EXPIRED(5),
  /** Its deadline is further ahead than allowed; nothing recorded. */
  TOO_FAR(6),
  /** The table of outcomes is full; nothing recorded. */
  BUSY(7),
  /** A barrier was reached. */
  REACHED(8),
  /** Nothing is known of it, and its deadline has not passed. */
  PENDING(9),
  /** Its deadline has passed, and no outcome is recorded: certainly not in the ledger. */
  ABSENT(10),
  /** Too old to be told: only a verified copy of the ledger can. */
  UNKNOWN(11);

  private final int code;

  OutcomeKind(int code) {
    this.code = code;
  }

  /** The byte that stands for it. */
  public int code() {
    return code;
  }

  /** The kind of that code, if there is one. */
  public static Optional<OutcomeKind> of(int code) {
    for (OutcomeKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

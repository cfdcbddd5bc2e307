package io.tallystick.bft.message;

import java.util.Optional;

/** What a request asks for; the code is the first byte of its leaf. */
public enum RequestKind {
  /** Append an entry to a stream. */
  APPEND(1),
  /** An order of the administrators. */
  ADMIN(2),
  /** Erase a payload. */
  ERASE(3),
  /** No entry and no outcome: reads that wait for it see everything ordered before it. */
  BARRIER(4);

  private final int code;

  RequestKind(int code) {
    this.code = code;
  }

  /** The byte that stands for it in layouts. */
  public int code() {
    return code;
  }

  /** The kind of that code, if there is one. */
  public static Optional<RequestKind> of(int code) {
    for (RequestKind kind : values()) {
      if (kind.code == code) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}

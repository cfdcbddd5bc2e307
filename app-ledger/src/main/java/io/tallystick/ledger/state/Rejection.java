package io.tallystick.ledger.state;

import java.util.Optional;

/**
 * Why a request was rejected. The code is what an outcome's record keeps, in the place of an index,
 * so that a repeated request is told the same on every replica, for as long as the record lasts.
 */
enum Rejection {
  CONTENT_TYPE(1, "content type (expected: 1 to 255 printable ASCII characters)"),
  PAYLOAD(2, "payload: longer than the ledger takes"),
  STREAMS(3, "streams: the ledger has as many as it may"),
  ORDERS(4, "orders are not supported yet"),
  ERASURE(5, "erasure is not supported yet");

  private final int code;
  private final String reason;

  Rejection(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  int code() {
    return code;
  }

  /** What a person is told. */
  String reason() {
    return reason;
  }

  static Optional<Rejection> of(long code) {
    for (Rejection rejection : values()) {
      if (rejection.code == code) {
        return Optional.of(rejection);
      }
    }
    return Optional.empty();
  }
}

package io.tallystick.ledger.client;

import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.crypto.Bytes;

/**
 * What is to be recorded for a caller; the client adds salt and deadline.
 *
 * @param principal the caller for whom this client speaks
 * @param id names the request among the principal's
 */
public record Submission(
    RequestKind kind,
    String principal,
    RequestId id,
    String stream,
    String contentType,
    Bytes content) {

  /** An entry to append. */
  public static Submission append(
      String principal, RequestId id, String stream, String contentType, Bytes content) {
    return new Submission(RequestKind.APPEND, principal, id, stream, contentType, content);
  }
}

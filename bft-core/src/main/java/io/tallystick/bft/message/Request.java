package io.tallystick.bft.message;

import io.tallystick.crypto.StatementWriter;

/**
 * One request of a client.
 *
 * @param kind what it asks for
 * @param principal the caller for whom the client speaks: 1 to 255 bytes of UTF-8
 * @param id the principal's id for it
 * @param stream where it belongs; empty where the kind has none
 * @param contentType media type of the content; empty where the kind has none
 * @param payload salt, content and commitment
 * @param deadlineMicros ledger time after which it must not take effect
 */
public record Request(
    RequestKind kind,
    String principal,
    RequestId id,
    String stream,
    String contentType,
    Payload payload,
    long deadlineMicros) {

  /** The layout that is the request's leaf in its bundle ("request leaf"). */
  public byte[] leaf() {
    return new StatementWriter()
        .u8(kind.code())
        .string(principal)
        .raw(id.bytes())
        .string(stream)
        .string(contentType)
        .u64(payload.content().size())
        .digest(payload.commitment())
        .u64(deadlineMicros)
        .toArray();
  }

  /** Its part of {@link Bundle#weightBytes}. */
  public long weightBytes() {
    return 170L
        + payload.content().size()
        + 3L * (principal.length() + stream.length())
        + 3L * contentType.length();
  }
}

package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Signature;
import java.util.Optional;
import java.util.stream.Stream;

/** The first byte of each message of a handshake. */
enum MessageType {
  /** The initiator's {@link Hello}. */
  INITIATOR_HELLO(1),
  /** The responder's {@link Hello} and its signature over the transcript. */
  RESPONDER_HELLO(2),
  /** The initiator's signature over the transcript. */
  AUTH(3),
  /** Nothing more: frames follow. */
  ACCEPT(4),
  /** One byte: a {@link HandshakeRefusal}. Not authenticated: a hint for the log. */
  REFUSE(5);

  private final int code;

  MessageType(int code) {
    this.code = code;
  }

  static Optional<MessageType> of(Bytes message) {
    return message.isEmpty()
        ? Optional.empty()
        : Stream.of(values()).filter(type -> type.code == message.at(0)).findFirst();
  }

  Bytes message(byte[]... parts) {
    int length = 1;
    for (byte[] part : parts) {
      length += part.length;
    }
    byte[] message = new byte[length];
    message[0] = (byte) code;
    int at = 1;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, message, at, part.length);
      at += part.length;
    }
    return Bytes.wrap(message);
  }

  static Bytes message(MessageType type, Signature signature) {
    return type.message(signature.encoded().unsafeArray());
  }

  static Bytes refuse(HandshakeRefusal reason) {
    return REFUSE.message(new byte[] {(byte) reason.code()});
  }

  /** The reason that a REFUSE names; {@code MALFORMED} for one that we don't know. */
  static HandshakeRefusal refusal(Bytes message) {
    return message.size() != 2
        ? HandshakeRefusal.MALFORMED
        : HandshakeRefusal.ofCode(message.at(1) & 0xff).orElse(HandshakeRefusal.MALFORMED);
  }
}

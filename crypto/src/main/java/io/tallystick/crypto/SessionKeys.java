package io.tallystick.crypto;

import java.nio.charset.StandardCharsets;

/**
 * The two MAC keys of a session, one for each direction, derived from the handshake's shared secret
 * and the hash of its whole transcript: whoever saw another transcript has other keys.
 */
public final class SessionKeys {
  /** Length of each key in bytes. */
  public static final int LENGTH = 32;

  /** Which side of the handshake one is. */
  public enum Role {
    /** Opened the connection. */
    INITIATOR,
    /** Accepted it. */
    RESPONDER
  }

  private final byte[] sendKey;
  private final byte[] receiveKey;

  private SessionKeys(byte[] sendKey, byte[] receiveKey) {
    this.sendKey = sendKey;
    this.receiveKey = receiveKey;
  }

  /**
   * Derives the keys: HKDF-SHA-256 with the transcript hash as salt, and the direction as context.
   *
   * @param sharedSecret what {@link X25519KeyPair#agree} gave
   * @param transcript hash of everything both sides said and signed
   */
  public static SessionKeys derive(Bytes sharedSecret, Digest transcript, Role role) {
    byte[] key = Hkdf.extract(transcript.unsafeArray(), sharedSecret.unsafeArray());
    byte[] toResponder = Hkdf.expand(key, context("initiator to responder"), LENGTH);
    byte[] toInitiator = Hkdf.expand(key, context("responder to initiator"), LENGTH);
    return switch (role) {
      case INITIATOR -> new SessionKeys(toResponder, toInitiator);
      case RESPONDER -> new SessionKeys(toInitiator, toResponder);
    };
  }

  private static byte[] context(String direction) {
    return ("tallystick/1/session\0" + direction).getBytes(StandardCharsets.UTF_8);
  }

  /** A new MAC for what we send. */
  public HmacSha256 sendMac() {
    return new HmacSha256(sendKey);
  }

  /** A new MAC for what we receive. */
  public HmacSha256 receiveMac() {
    return new HmacSha256(receiveKey);
  }

  /** Never shows the keys. */
  @Override
  public String toString() {
    return "SessionKeys";
  }
}

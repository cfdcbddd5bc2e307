package io.tallystick.network.handshake;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why a connection became no session. The numbers are the wire's: none is used again. */
public enum HandshakeRefusal {
  /** Not a message of the handshake, or not the one that is due. */
  MALFORMED(1),
  /** More bytes than a handshake has. */
  TOO_LONG(2),
  /** The handshake wasn't finished in time. */
  TIMEOUT(3),
  /** The connection broke before the handshake was finished. */
  BROKEN(4),
  /** Another cluster's genesis. */
  WRONG_CLUSTER(5),
  /** No wire version that both speak. */
  WRONG_VERSION(6),
  /** Claims an id that is no member's. */
  UNKNOWN_REPLICA(7),
  /** Claims an id whose key it doesn't name, or a client's role with a member's key. */
  WRONG_KEY(8),
  /** Claims our own id. */
  OWN_ID(9),
  /** Meant for another replica, or answered by one that wasn't dialled. */
  WRONG_PEER(10),
  /** Of two replicas the one with the lower id dials; this was the other one. */
  WRONG_DIRECTION(11),
  /** The signature over the transcript doesn't verify: replayed, tampered with, or relayed. */
  BAD_SIGNATURE(12),
  /** The ephemeral key is of small order. */
  BAD_EPHEMERAL(13),
  /** An older process of this replica: a higher incarnation was seen. */
  LOWER_INCARNATION(14),
  /** Two processes of one incarnation: a copied data directory. */
  OTHER_START(15),
  /** Neither TLS nor loopback, and not configured to be insecure. */
  PLAIN_REFUSED(16),
  /** The TLS handshake failed. */
  TLS_FAILED(17),
  /** Too many connections are unauthenticated, in total or from this address. */
  TOO_MANY_CONNECTIONS(18),
  /** Too many sessions, in total or of this key. */
  TOO_MANY_SESSIONS(19),
  /** We are closing. */
  CLOSING(20);

  private final int code;

  HandshakeRefusal(int code) {
    this.code = code;
  }

  /** Its byte on the wire. */
  int code() {
    return code;
  }

  static Optional<HandshakeRefusal> ofCode(int code) {
    return Stream.of(values()).filter(reason -> reason.code == code).findFirst();
  }

  /** Names it in metrics and logs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}

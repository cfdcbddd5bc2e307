package io.tallystick.network.handshake;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.SessionKeys;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.X25519KeyPair;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The side that was dialled: always a replica. What it costs to answer a stranger is one signature,
 * one X25519 key, and nothing that stays.
 */
public final class ResponderHandshake implements Handshake {
  private final LocalIdentity local;
  private final Bytes exporter;
  private final Admission admission;
  private @Nullable Proposed proposed;

  /**
   * Starts a handshake.
   *
   * @param exporter the tls-exporter value of the link; empty when it isn't TLS
   */
  public ResponderHandshake(LocalIdentity local, Bytes exporter, Admission admission) {
    this.local = local;
    this.exporter = exporter;
    this.admission = admission;
  }

  /** What was answered to a hello, and waits for its maker's signature. */
  private record Proposed(Hello theirs, X25519KeyPair ephemeral, Bytes transcript) {}

  @Override
  public Optional<Bytes> first() {
    return Optional.empty();
  }

  @Override
  public Step receive(Bytes message) {
    MessageType type = MessageType.of(message).orElse(MessageType.RESPONDER_HELLO);
    return switch (type) {
      case INITIATOR_HELLO ->
          proposed == null ? answer(message) : refused(HandshakeRefusal.MALFORMED);
      case AUTH ->
          proposed != null && message.size() == 1 + Signature.LENGTH
              ? finish(proposed, new Signature(message.slice(1, message.size())))
              : refused(HandshakeRefusal.MALFORMED);
      case REFUSE ->
          new Step.Refused(MessageType.refusal(message), Optional.empty(), true, Optional.empty());
      case RESPONDER_HELLO, ACCEPT -> refused(HandshakeRefusal.MALFORMED);
    };
  }

  private Step answer(Bytes message) {
    Optional<Hello> decoded =
        Hello.decode(ByteBuffer.wrap(message.unsafeArray()).position(1), message.size() - 1);
    if (decoded.isEmpty()) {
      return refused(HandshakeRefusal.MALFORMED);
    }
    Hello theirs = decoded.get();
    Optional<HandshakeRefusal> refusal = HelloCheck.refusal(local, theirs);
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    if (theirs.role() == Hello.Role.REPLICA && theirs.id() > HelloCheck.ownId(local)) {
      return refused(HandshakeRefusal.WRONG_DIRECTION);
    }
    if (theirs.tls() == exporter.isEmpty()) {
      return refused(HandshakeRefusal.BAD_SIGNATURE);
    }
    X25519KeyPair ephemeral = X25519KeyPair.generate(local.random());
    int peer = theirs.role() == Hello.Role.REPLICA ? theirs.id() : 0;
    Hello own = HelloCheck.own(local, peer, ephemeral.publicKey(), theirs.tls());
    byte[] transcript = Transcript.signedBytes(theirs, own, exporter);
    proposed = new Proposed(theirs, ephemeral, Bytes.wrap(transcript));
    return new Step.Reply(
        MessageType.RESPONDER_HELLO.message(
            own.encode().unsafeArray(),
            Ed25519.sign(local.key(), transcript).encoded().unsafeArray()));
  }

  private Step finish(Proposed with, Signature signature) {
    Hello theirs = with.theirs();
    if (!Ed25519.verify(theirs.key(), with.transcript().unsafeArray(), signature)) {
      return refused(HandshakeRefusal.BAD_SIGNATURE);
    }
    // From here on it is the holder of that key, and no replay: the transcript has our nonce.
    Party peer = HelloCheck.party(theirs);
    Optional<Bytes> shared = with.ephemeral().agree(theirs.ephemeral());
    Optional<HandshakeRefusal> refusal =
        shared.isEmpty()
            ? Optional.of(HandshakeRefusal.BAD_EPHEMERAL)
            : admission.admit(peer, theirs.announcement());
    if (refusal.isPresent() || shared.isEmpty()) {
      HandshakeRefusal reason = refusal.orElse(HandshakeRefusal.BAD_EPHEMERAL);
      return new Step.Refused(
          reason, Optional.of(MessageType.refuse(reason)), false, Optional.of(peer));
    }
    return new Step.Done(
        Optional.of(MessageType.ACCEPT.message()),
        new Agreement(
            peer,
            theirs.announcement(),
            Transcript.VERSION,
            SessionKeys.derive(
                shared.get(), Digest.sha256(with.transcript()), SessionKeys.Role.RESPONDER),
            theirs.tls()));
  }

  private static Step refused(HandshakeRefusal reason) {
    return new Step.Refused(
        reason, Optional.of(MessageType.refuse(reason)), false, Optional.empty());
  }
}

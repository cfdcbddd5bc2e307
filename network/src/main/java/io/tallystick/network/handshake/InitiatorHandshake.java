package io.tallystick.network.handshake;

import io.tallystick.bft.membership.ReplicaId;
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
 * The side that dialled. It believes nobody but the holder of the key of the id that it dialled,
 * and signs nothing before that one has signed.
 */
public final class InitiatorHandshake implements Handshake {
  private final LocalIdentity local;
  private final ReplicaId dialled;
  private final Bytes exporter;
  private final Admission admission;
  private final X25519KeyPair ephemeral;
  private final Hello own;
  private @Nullable Agreement agreement;

  /**
   * Starts a handshake.
   *
   * @param dialled whom we want to reach
   * @param exporter the tls-exporter value of the link; empty when it isn't TLS
   */
  public InitiatorHandshake(
      LocalIdentity local, ReplicaId dialled, Bytes exporter, Admission admission) {
    this.local = local;
    this.dialled = dialled;
    this.exporter = exporter;
    this.admission = admission;
    this.ephemeral = X25519KeyPair.generate(local.random());
    this.own = HelloCheck.own(local, dialled.value(), ephemeral.publicKey(), !exporter.isEmpty());
  }

  @Override
  public Optional<Bytes> first() {
    return Optional.of(MessageType.INITIATOR_HELLO.message(own.encode().unsafeArray()));
  }

  @Override
  public Step receive(Bytes message) {
    MessageType type = MessageType.of(message).orElse(MessageType.INITIATOR_HELLO);
    return switch (type) {
      case RESPONDER_HELLO ->
          agreement == null ? answer(message) : refused(HandshakeRefusal.MALFORMED);
      case ACCEPT ->
          agreement != null && message.size() == 1
              ? new Step.Done(Optional.empty(), agreement)
              : refused(HandshakeRefusal.MALFORMED);
      case REFUSE ->
          new Step.Refused(MessageType.refusal(message), Optional.empty(), true, Optional.empty());
      case INITIATOR_HELLO, AUTH -> refused(HandshakeRefusal.MALFORMED);
    };
  }

  private Step answer(Bytes message) {
    int helloLength = message.size() - 1 - Signature.LENGTH;
    ByteBuffer in = ByteBuffer.wrap(message.unsafeArray()).position(1);
    Optional<Hello> decoded = Hello.decode(in, helloLength);
    if (decoded.isEmpty()) {
      return refused(HandshakeRefusal.MALFORMED);
    }
    Hello theirs = decoded.get();
    Optional<HandshakeRefusal> refusal = HelloCheck.refusal(local, theirs);
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    if (theirs.role() != Hello.Role.REPLICA || theirs.id() != dialled.value()) {
      return refused(HandshakeRefusal.WRONG_PEER);
    }
    byte[] transcript = Transcript.signedBytes(own, theirs, exporter);
    Signature signature = new Signature(Bytes.wrap(Hello.take(in, Signature.LENGTH)));
    if (theirs.tls() != own.tls() || !Ed25519.verify(theirs.key(), transcript, signature)) {
      return refused(HandshakeRefusal.BAD_SIGNATURE);
    }
    return agree(theirs, transcript);
  }

  private Step agree(Hello theirs, byte[] transcript) {
    Party peer = HelloCheck.party(theirs);
    Optional<Bytes> shared = ephemeral.agree(theirs.ephemeral());
    Optional<HandshakeRefusal> refusal =
        shared.isEmpty()
            ? Optional.of(HandshakeRefusal.BAD_EPHEMERAL)
            : admission.admit(peer, theirs.announcement());
    if (refusal.isPresent() || shared.isEmpty()) {
      return new Step.Refused(
          refusal.orElse(HandshakeRefusal.BAD_EPHEMERAL),
          Optional.empty(),
          false,
          Optional.of(peer));
    }
    agreement =
        new Agreement(
            peer,
            theirs.announcement(),
            Transcript.VERSION,
            SessionKeys.derive(shared.get(), Digest.sha256(transcript), SessionKeys.Role.INITIATOR),
            own.tls());
    return new Step.Reply(
        MessageType.message(MessageType.AUTH, Ed25519.sign(local.key(), transcript)));
  }

  private static Step refused(HandshakeRefusal reason) {
    return new Step.Refused(reason, Optional.empty(), false, Optional.empty());
  }
}

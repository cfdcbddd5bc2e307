package io.tallystick.network.handshake;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.PublicKey;
import java.util.List;
import java.util.Optional;

/** What both sides do alike: make their own hello, and judge the other's before any signature. */
final class HelloCheck {
  private HelloCheck() {}

  static Hello own(LocalIdentity local, int peer, Bytes ephemeral, boolean tls) {
    byte[] nonce = new byte[Hello.NONCE_LENGTH];
    local.random().nextBytes(nonce);
    boolean replica = local.self() instanceof Party.Replica;
    return new Hello(
        List.of(Transcript.VERSION),
        local.cluster(),
        replica ? Hello.Role.REPLICA : Hello.Role.CLIENT,
        ownId(local),
        local.key().publicKey(),
        peer,
        local.announcement().get(),
        ephemeral,
        Bytes.wrap(nonce),
        tls);
  }

  static int ownId(LocalIdentity local) {
    return switch (local.self()) {
      case Party.Replica(var id) -> id.value();
      case Party.Client ignored -> 0;
    };
  }

  /**
   * Why the other side's hello is refused out of hand; empty when its signature is worth a look.
   */
  static Optional<HandshakeRefusal> refusal(LocalIdentity local, Hello theirs) {
    if (!theirs.cluster().equals(local.cluster())) {
      return Optional.of(HandshakeRefusal.WRONG_CLUSTER);
    }
    if (!theirs.versions().contains(Transcript.VERSION)) {
      return Optional.of(HandshakeRefusal.WRONG_VERSION);
    }
    if (theirs.peer() != ownId(local)) {
      return Optional.of(HandshakeRefusal.WRONG_PEER);
    }
    return switch (theirs.role()) {
      case REPLICA -> replicaRefusal(local, theirs);
      case CLIENT -> clientRefusal(local, theirs.key());
    };
  }

  private static Optional<HandshakeRefusal> replicaRefusal(LocalIdentity local, Hello theirs) {
    ReplicaId id = new ReplicaId(theirs.id());
    if (local.self() instanceof Party.Replica(var own) && own.equals(id)) {
      return Optional.of(HandshakeRefusal.OWN_ID);
    }
    return local
        .membership()
        .member(id)
        .map(
            member ->
                member.identityKey().equals(theirs.key())
                    ? Optional.<HandshakeRefusal>empty()
                    : Optional.of(HandshakeRefusal.WRONG_KEY))
        .orElse(Optional.of(HandshakeRefusal.UNKNOWN_REPLICA));
  }

  private static Optional<HandshakeRefusal> clientRefusal(LocalIdentity local, PublicKey key) {
    boolean members =
        local.membership().members().stream().anyMatch(member -> member.identityKey().equals(key));
    return members ? Optional.of(HandshakeRefusal.WRONG_KEY) : Optional.empty();
  }

  static Party party(Hello hello) {
    return hello.role() == Hello.Role.REPLICA
        ? new Party.Replica(new ReplicaId(hello.id()))
        : new Party.Client(hello.key());
  }
}

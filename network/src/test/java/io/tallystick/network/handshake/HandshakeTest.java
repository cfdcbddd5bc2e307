package io.tallystick.network.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.Signature;
import io.tallystick.network.TestCluster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Both sides of the handshake, without a network between them. */
final class HandshakeTest {
  private static final Admission ALL = (peer, announcement) -> Optional.empty();
  private static final ReplicaId R1 = new ReplicaId(1);

  private final List<Party> admitted = new ArrayList<>();
  private final Admission recording =
      (peer, announcement) -> {
        admitted.add(peer);
        return Optional.empty();
      };

  private static InitiatorHandshake initiator(LocalIdentity local) {
    return new InitiatorHandshake(local, R1, Bytes.EMPTY, ALL);
  }

  private ResponderHandshake responder() {
    return new ResponderHandshake(TestCluster.replica(1), Bytes.EMPTY, recording);
  }

  private static Bytes reply(Step step) {
    return assertInstanceOf(Step.Reply.class, step).message();
  }

  private static HandshakeRefusal refusal(Step step) {
    return assertInstanceOf(Step.Refused.class, step).reason();
  }

  /** The first message with one field of its hello changed. */
  private static Bytes changed(Bytes first, UnaryOperator<Hello> change) {
    Hello hello =
        Hello.decode(ByteBuffer.wrap(first.toArray()).position(1), first.size() - 1).orElseThrow();
    return MessageType.INITIATOR_HELLO.message(change.apply(hello).encode().toArray());
  }

  private static Hello with(Hello hello, int id, PrivateKey key) {
    return new Hello(
        hello.versions(),
        hello.cluster(),
        hello.role(),
        id,
        key.publicKey(),
        hello.peer(),
        hello.announcement(),
        hello.ephemeral(),
        hello.nonce(),
        hello.tls());
  }

  @Test
  void peersAgreeOnKeys() {
    InitiatorHandshake zero = initiator(TestCluster.replica(0));
    ResponderHandshake one = responder();
    Bytes auth = reply(zero.receive(reply(one.receive(zero.first().orElseThrow()))));
    Step.Done atOne = assertInstanceOf(Step.Done.class, one.receive(auth));
    Step.Done atZero =
        assertInstanceOf(Step.Done.class, zero.receive(atOne.message().orElseThrow()));
    assertEquals(new Party.Replica(new ReplicaId(0)), atOne.agreement().peer());
    assertEquals(new Party.Replica(R1), atZero.agreement().peer());
    assertEquals(17, atZero.agreement().announcement().highestVote().seq());
    byte[] payload = {1, 2, 3};
    byte[] forward = atZero.agreement().keys().sendMac().update(payload).finish();
    byte[] backward = atOne.agreement().keys().sendMac().update(payload).finish();
    assertTrue(atOne.agreement().keys().receiveMac().update(payload).verify(forward));
    assertTrue(atZero.agreement().keys().receiveMac().update(payload).verify(backward));
    assertFalse(atOne.agreement().keys().receiveMac().update(payload).verify(backward));
  }

  @Test
  void aClientIsItsKey() {
    InitiatorHandshake client = initiator(TestCluster.client(0));
    ResponderHandshake one = responder();
    Bytes auth = reply(client.receive(reply(one.receive(client.first().orElseThrow()))));
    Step.Done done = assertInstanceOf(Step.Done.class, one.receive(auth));
    assertEquals(new Party.Client(TestCluster.clientKey(0).publicKey()), done.agreement().peer());
  }

  @Test
  @DisplayName("S3 a replica that claims another's id is refused")
  void refusesAnIdWithAnothersKey() {
    InitiatorHandshake two = new InitiatorHandshake(TestCluster.replica(0), R1, Bytes.EMPTY, ALL);
    Bytes asAnother =
        changed(two.first().orElseThrow(), hello -> with(hello, 0, TestCluster.replicaKey(2)));
    assertEquals(HandshakeRefusal.WRONG_KEY, refusal(responder().receive(asAnother)));
    assertEquals(List.of(), admitted);
  }

  @Test
  @DisplayName("S3 a replica that names another's key without holding it is refused")
  void refusesAKeyThatIsNotHeld() {
    // Replica 2's secrets, replica 0's id and public key.
    InitiatorHandshake liar = initiator(TestCluster.client(0));
    Bytes hello =
        changed(
            liar.first().orElseThrow(),
            from ->
                new Hello(
                    from.versions(),
                    from.cluster(),
                    Hello.Role.REPLICA,
                    0,
                    TestCluster.replicaKey(0).publicKey(),
                    from.peer(),
                    from.announcement(),
                    from.ephemeral(),
                    from.nonce(),
                    from.tls()));
    ResponderHandshake one = responder();
    Bytes answer = reply(one.receive(hello));
    Bytes forged = forgedAuth(hello, answer, TestCluster.replicaKey(2));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(one.receive(forged)));
    assertEquals(List.of(), admitted);
  }

  @Test
  @DisplayName("S4 a client that claims another's key gets nothing attributed to it")
  void attributesNothingBeforeTheSignature() {
    InitiatorHandshake victim = initiator(TestCluster.client(0));
    Bytes hello = victim.first().orElseThrow();
    ResponderHandshake one = responder();
    Bytes answer = reply(one.receive(hello));
    assertEquals(List.of(), admitted);
    Bytes forged = forgedAuth(hello, answer, TestCluster.clientKey(1));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(one.receive(forged)));
    assertEquals(List.of(), admitted);
  }

  private static Bytes forgedAuth(Bytes hello, Bytes answer, PrivateKey key) {
    byte[] transcript = transcript(hello, answer);
    return MessageType.message(MessageType.AUTH, Ed25519.sign(key, transcript));
  }

  private static byte[] transcript(Bytes hello, Bytes answer) {
    Hello initiator =
        Hello.decode(ByteBuffer.wrap(hello.toArray()).position(1), hello.size() - 1).orElseThrow();
    Hello responder =
        Hello.decode(
                ByteBuffer.wrap(answer.toArray()).position(1), answer.size() - 1 - Signature.LENGTH)
            .orElseThrow();
    return Transcript.signedBytes(initiator, responder, Bytes.EMPTY);
  }

  @Test
  @DisplayName("S25 a client that uses a replica's key is refused")
  void refusesAClientWithAReplicasKey() {
    Bytes hello =
        changed(
            initiator(TestCluster.client(0)).first().orElseThrow(),
            from -> with(from, 0, TestCluster.replicaKey(2)));
    assertEquals(HandshakeRefusal.WRONG_KEY, refusal(responder().receive(hello)));
  }

  @Test
  void refusesStrangersAndMistakenOnesWithAReason() {
    Bytes hello = initiator(TestCluster.replica(0)).first().orElseThrow();
    assertEquals(
        HandshakeRefusal.UNKNOWN_REPLICA,
        refusal(
            responder().receive(changed(hello, from -> with(from, 9, TestCluster.replicaKey(0))))));
    assertEquals(
        HandshakeRefusal.OWN_ID,
        refusal(
            responder().receive(changed(hello, from -> with(from, 1, TestCluster.replicaKey(1))))));
    assertEquals(
        HandshakeRefusal.WRONG_DIRECTION,
        refusal(
            responder().receive(changed(hello, from -> with(from, 2, TestCluster.replicaKey(2))))));
    InitiatorHandshake toTwo =
        new InitiatorHandshake(TestCluster.replica(0), new ReplicaId(2), Bytes.EMPTY, ALL);
    assertEquals(
        HandshakeRefusal.WRONG_PEER, refusal(responder().receive(toTwo.first().orElseThrow())));
  }

  @Test
  void refusesAnotherClusterAndAnotherVersion() {
    Bytes hello = initiator(TestCluster.replica(0)).first().orElseThrow();
    Bytes elsewhere =
        changed(
            hello,
            from ->
                new Hello(
                    from.versions(),
                    Digest.sha256(Bytes.utf8("another genesis")),
                    from.role(),
                    from.id(),
                    from.key(),
                    from.peer(),
                    from.announcement(),
                    from.ephemeral(),
                    from.nonce(),
                    from.tls()));
    assertEquals(HandshakeRefusal.WRONG_CLUSTER, refusal(responder().receive(elsewhere)));
    Bytes later = changed(hello, from -> offering(from, List.of(2, 7)));
    Step.Refused refused = assertInstanceOf(Step.Refused.class, responder().receive(later));
    assertEquals(HandshakeRefusal.WRONG_VERSION, refused.reason());
    // The other side hears why.
    Step heard = initiator(TestCluster.replica(0)).receive(refused.message().orElseThrow());
    assertEquals(HandshakeRefusal.WRONG_VERSION, refusal(heard));
  }

  private static Hello offering(Hello hello, List<Integer> versions) {
    return new Hello(
        versions,
        hello.cluster(),
        hello.role(),
        hello.id(),
        hello.key(),
        hello.peer(),
        hello.announcement(),
        hello.ephemeral(),
        hello.nonce(),
        hello.tls());
  }

  @Test
  void noticesAnOfferOfVersionsThatWasTamperedWith() {
    InitiatorHandshake zero = initiator(TestCluster.replica(0));
    ResponderHandshake one = responder();
    Bytes tampered = changed(zero.first().orElseThrow(), from -> offering(from, List.of(1, 2)));
    Bytes answer = reply(one.receive(tampered));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(zero.receive(answer)));
  }

  @Test
  void believesNobodyButWhomItDialled() {
    // Replica 1's handshake, at replica 2's address.
    InitiatorHandshake toTwo =
        new InitiatorHandshake(TestCluster.replica(0), new ReplicaId(2), Bytes.EMPTY, ALL);
    InitiatorHandshake toOne = initiator(TestCluster.replica(0));
    Bytes fromOne = reply(responder().receive(toOne.first().orElseThrow()));
    assertEquals(HandshakeRefusal.WRONG_PEER, refusal(toTwo.receive(fromOne)));
  }

  @Test
  void refusesAnEphemeralKeyOfSmallOrder() {
    PrivateKey key = TestCluster.clientKey(0);
    Bytes hello =
        changed(
            initiator(TestCluster.client(0)).first().orElseThrow(),
            from ->
                new Hello(
                    from.versions(),
                    from.cluster(),
                    from.role(),
                    from.id(),
                    from.key(),
                    from.peer(),
                    from.announcement(),
                    Bytes.wrap(new byte[32]),
                    from.nonce(),
                    from.tls()));
    ResponderHandshake one = responder();
    Bytes answer = reply(one.receive(hello));
    assertEquals(
        HandshakeRefusal.BAD_EPHEMERAL, refusal(one.receive(forgedAuth(hello, answer, key))));
    assertEquals(List.of(), admitted);
  }

  @Test
  @DisplayName("S13 a handshake that was recorded is of no use to whoever replays it")
  void refusesAReplay() {
    InitiatorHandshake zero = initiator(TestCluster.replica(0));
    ResponderHandshake one = responder();
    Bytes hello = zero.first().orElseThrow();
    Bytes answer = reply(one.receive(hello));
    Bytes auth = reply(zero.receive(answer));
    assertInstanceOf(Step.Done.class, one.receive(auth));
    ResponderHandshake again = responder();
    reply(again.receive(hello));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(again.receive(auth)));
    InitiatorHandshake fresh = initiator(TestCluster.replica(0));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(fresh.receive(answer)));
    assertEquals(1, admitted.size());
  }

  @Test
  void theExporterValueBindsTheLink() {
    Bytes near = Bytes.utf8("exporter value of one connection");
    Bytes far = Bytes.utf8("exporter value of another one...");
    InitiatorHandshake zero = new InitiatorHandshake(TestCluster.replica(0), R1, near, ALL);
    ResponderHandshake one = new ResponderHandshake(TestCluster.replica(1), far, recording);
    Bytes answer = reply(one.receive(zero.first().orElseThrow()));
    assertEquals(HandshakeRefusal.BAD_SIGNATURE, refusal(zero.receive(answer)));
    // Neither does it pass a TLS link off as a plain one.
    InitiatorHandshake secured = new InitiatorHandshake(TestCluster.replica(0), R1, near, ALL);
    assertEquals(
        HandshakeRefusal.BAD_SIGNATURE,
        refusal(responder().receive(secured.first().orElseThrow())));
  }

  @Test
  void refusesMessagesThatAreNotDue() {
    Bytes accept = MessageType.ACCEPT.message();
    Bytes auth = MessageType.AUTH.message(new byte[Signature.LENGTH]);
    assertEquals(
        HandshakeRefusal.MALFORMED, refusal(initiator(TestCluster.replica(0)).receive(accept)));
    assertEquals(HandshakeRefusal.MALFORMED, refusal(responder().receive(auth)));
    assertEquals(HandshakeRefusal.MALFORMED, refusal(responder().receive(Bytes.EMPTY)));
    InitiatorHandshake zero = initiator(TestCluster.replica(0));
    ResponderHandshake one = responder();
    Bytes hello = zero.first().orElseThrow();
    reply(one.receive(hello));
    assertEquals(HandshakeRefusal.MALFORMED, refusal(one.receive(hello)));
  }

  @Test
  @DisplayName("S58 a lower incarnation, or another start of the same one, is refused")
  void remembersTheNewestIncarnation() {
    IncarnationRegister register = new IncarnationRegister();
    assertEquals(Optional.empty(), register.admit(R1, TestCluster.announcement(5, 1)));
    assertEquals(Optional.empty(), register.admit(R1, TestCluster.announcement(5, 1)));
    assertEquals(
        Optional.of(HandshakeRefusal.OTHER_START),
        register.admit(R1, TestCluster.announcement(5, 2)));
    assertEquals(
        Optional.of(HandshakeRefusal.LOWER_INCARNATION),
        register.admit(R1, TestCluster.announcement(4, 1)));
    assertEquals(Optional.empty(), register.admit(R1, TestCluster.announcement(6, 3)));
    assertEquals(6, register.announcement(R1).orElseThrow().incarnation());
    assertEquals(
        Optional.empty(), register.admit(new ReplicaId(2), TestCluster.announcement(1, 1)));
  }

  @Test
  void aMessageIsNeverLongerThanItsBound() {
    assertTrue(
        reply(responder().receive(initiator(TestCluster.client(0)).first().orElseThrow())).size()
            <= Handshake.MESSAGE_BYTES_MAX);
  }
}

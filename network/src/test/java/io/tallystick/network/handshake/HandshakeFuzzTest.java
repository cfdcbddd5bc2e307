package io.tallystick.network.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.TestCluster;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bytes that nobody sends in earnest. */
final class HandshakeFuzzTest {
  private static final Admission ALL = (peer, announcement) -> Optional.empty();
  private static final int DECODINGS = 100_000;
  private static final int HANDSHAKES = 2_000;

  private static InitiatorHandshake initiator() {
    return new InitiatorHandshake(TestCluster.replica(0), new ReplicaId(1), Bytes.EMPTY, ALL);
  }

  private static ResponderHandshake responder() {
    return new ResponderHandshake(TestCluster.replica(1), Bytes.EMPTY, ALL);
  }

  private static byte[] mutated(byte[] original, Random random) {
    byte[] bytes =
        random.nextInt(4) == 0
            ? Arrays.copyOf(original, random.nextInt(original.length + 70))
            : original.clone();
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, 8));
      bytes[at] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  @Test
  @DisplayName("S2 100,000 mutated hellos decode to what encodes to them, or to nothing")
  void decodesStrictly() {
    Random random = new Random(20261124);
    byte[] original =
        Arrays.copyOfRange(
            initiator().first().orElseThrow().toArray(),
            1,
            initiator().first().orElseThrow().size());
    int decoded = 0;
    for (int i = 0; i < DECODINGS; i++) {
      byte[] bytes = mutated(original, random);
      Optional<Hello> hello = Hello.decode(ByteBuffer.wrap(bytes), bytes.length);
      if (hello.isPresent()) {
        decoded++;
        assertEquals(Bytes.wrap(bytes), hello.get().encode());
      }
    }
    assertTrue(decoded > DECODINGS / 100 && decoded < DECODINGS, "decoded: " + decoded);
  }

  @Test
  @DisplayName("S2 mutated messages never finish a handshake, and never throw")
  void mutatedMessagesAreRefused() {
    Random random = new Random(7);
    for (int i = 0; i < HANDSHAKES; i++) {
      InitiatorHandshake zero = initiator();
      ResponderHandshake one = responder();
      Bytes hello = zero.first().orElseThrow();
      Bytes answer = assertInstanceOf(Step.Reply.class, one.receive(hello)).message();
      Bytes wrong = Bytes.wrap(mutated(answer.toArray(), random));
      if (!wrong.equals(answer)) {
        assertFalse(zero.receive(wrong) instanceof Step.Reply, "believed " + wrong.toHex());
      }
      Bytes junk = Bytes.wrap(mutated(hello.toArray(), random));
      assertFalse(one.receive(junk) instanceof Step.Done);
    }
  }
}

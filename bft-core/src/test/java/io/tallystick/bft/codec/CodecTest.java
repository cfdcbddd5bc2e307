package io.tallystick.bft.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.tallystick.bft.codec.proto.ClientProto;
import io.tallystick.bft.codec.proto.JournalProto;
import io.tallystick.bft.codec.proto.PeerProto;
import io.tallystick.bft.message.ClientMessage;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.crypto.Bytes;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  private static final PeerCodec PEER = new PeerCodec(Samples.CLUSTER.parameters());
  private static final ClientCodec CLIENT = new ClientCodec(Samples.CLUSTER.parameters());
  private static final JournalCodec JOURNAL = new JournalCodec(Samples.CLUSTER.parameters());

  /** One conversation: how its messages are encoded, decoded, and parsed by generated code. */
  record Conversation<M>(Encode<M> encode, Decode<M> decode, Parse parse) {}

  interface Encode<M> {
    Bytes encode(M message);
  }

  interface Decode<M> {
    M decode(Bytes bytes) throws MalformedMessage;
  }

  interface Parse {
    Message parse(byte[] bytes) throws InvalidProtocolBufferException;
  }

  record Sample<M>(String name, M message, Conversation<M> conversation) {
    Bytes encoded() {
      return conversation.encode().encode(message);
    }

    M decode(Bytes bytes) throws MalformedMessage {
      return conversation.decode().decode(bytes);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final Conversation<PeerMessage> PEERS =
      new Conversation<>(PEER::encode, PEER::decode, PeerProto.PeerMessage::parseFrom);
  private static final Conversation<ClientMessage> ASKS =
      new Conversation<>(CLIENT::encode, CLIENT::decodeAsk, ClientProto.ClientAsk::parseFrom);
  private static final Conversation<ClientMessage> ANSWERS =
      new Conversation<>(CLIENT::encode, CLIENT::decodeAnswer, ClientProto.ClientAnswer::parseFrom);
  private static final Conversation<JournalRecord> RECORDS =
      new Conversation<>(JOURNAL::encode, JOURNAL::decode, JournalProto.JournalRecord::parseFrom);

  static Stream<Sample<?>> samples() {
    return Stream.of(
            Samples.peer().stream().map(m -> sample(m, PEERS)),
            Samples.asks().stream().map(m -> sample((ClientMessage) m, ASKS)),
            Samples.answers().stream().map(m -> sample((ClientMessage) m, ANSWERS)),
            Samples.records().stream().map(m -> sample(m, RECORDS)))
        .flatMap(stream -> stream);
  }

  private static <M> Sample<M> sample(M message, Conversation<M> conversation) {
    return new Sample<>(message.getClass().getSimpleName(), message, conversation);
  }

  @Test
  void samplesEveryKind() {
    Map<Class<?>, Integer> kinds = new LinkedHashMap<>();
    samples().forEach(sample -> kinds.merge(sample.message().getClass(), 1, Integer::sum));
    for (Class<?> vocabulary :
        new Class<?>[] {
          PeerMessage.class,
          ClientMessage.Ask.class,
          ClientMessage.Answer.class,
          JournalRecord.class
        }) {
      for (Class<?> kind : vocabulary.getPermittedSubclasses()) {
        assertTrue(kinds.containsKey(kind), () -> "no sample of " + kind);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void decodesWhatItEncodes(Sample<?> sample) throws MalformedMessage {
    assertEquals(sample.message(), sample.decode(sample.encoded()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void writesWhatGeneratedCodeWrites(Sample<?> sample) throws InvalidProtocolBufferException {
    Bytes ours = sample.encoded();
    Message generated = sample.conversation().parse().parse(ours.unsafeArray());
    assertTrue(generated.getUnknownFields().asMap().isEmpty(), "unknown fields");
    assertEquals(ours, Bytes.wrap(generated.toByteArray()));
  }

  @ParameterizedTest
  @MethodSource("samples")
  @DisplayName("S2 a message cut short anywhere is refused, whatever it is")
  void refusesEveryTruncation(Sample<?> sample) {
    byte[] whole = sample.encoded().unsafeArray();
    for (int length = 0; length < whole.length; length++) {
      Bytes cut = Bytes.wrap(Arrays.copyOf(whole, length));
      assertThrows(MalformedMessage.class, () -> sample.decode(cut));
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  @DisplayName("S2 whatever decodes encodes to the very same bytes, and nothing fails untyped")
  void isCanonicalUnderMutation(Sample<?> sample) {
    byte[] whole = sample.encoded().unsafeArray();
    for (int at = 0; at < Math.min(whole.length, 700); at++) {
      for (int flip : new int[] {1, 2, 8, 0x80, 0xff}) {
        byte[] changed = whole.clone();
        changed[at] ^= (byte) flip;
        expectCanonical(sample, Bytes.wrap(changed));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  @DisplayName("S2 garbage grown from a valid message is refused or canonical")
  void isCanonicalUnderSplicing(Sample<?> sample) {
    Random random = new Random(7);
    byte[] whole = sample.encoded().unsafeArray();
    for (int round = 0; round < 500; round++) {
      int from = random.nextInt(whole.length);
      int to = random.nextInt(whole.length + 1);
      byte[] changed = new byte[whole.length + random.nextInt(20)];
      random.nextBytes(changed);
      System.arraycopy(whole, 0, changed, 0, from);
      int length = Math.min(whole.length - to, changed.length - from);
      System.arraycopy(whole, to, changed, from, length);
      expectCanonical(sample, Bytes.wrap(changed));
    }
  }

  private static <M> void expectCanonical(Sample<M> sample, Bytes bytes) {
    M decoded;
    try {
      decoded = sample.decode(bytes);
    } catch (MalformedMessage e) {
      assertFalse(e.field().isEmpty());
      return;
    }
    assertEquals(bytes, sample.conversation().encode().encode(decoded));
  }
}

package io.tallystick.network.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.SessionKeys;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.Announcement;
import io.tallystick.network.handshake.Party;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames, byte by byte. */
final class FrameTest {
  private static final int MAX = 1_000;

  private static Agreement agreement(SessionKeys.Role role, boolean tls) {
    return new Agreement(
        new Party.Replica(new ReplicaId(1)),
        Announcement.OF_CLIENT,
        1,
        SessionKeys.derive(Bytes.utf8("shared"), Digest.ZERO, role),
        tls);
  }

  private static FrameWriter writer(boolean tls) {
    return new FrameWriter(agreement(SessionKeys.Role.INITIATOR, tls));
  }

  private static FrameReader reader(boolean tls) {
    return new FrameReader(agreement(SessionKeys.Role.RESPONDER, tls), MAX);
  }

  private static ByteBuf frame(FrameWriter writer, String payload) {
    return writer.frame(UnpooledByteBufAllocator.DEFAULT, Bytes.utf8(payload));
  }

  private static void assertFrame(String payload, FrameReader.Result result) {
    assertEquals(new FrameReader.Result.Frame(Bytes.utf8(payload)), result);
  }

  private static FrameFault fault(FrameReader.Result result) {
    return assertInstanceOf(FrameReader.Result.Wrong.class, result).fault();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatWasWritten(boolean tls) {
    FrameWriter writer = writer(tls);
    FrameReader reader = reader(tls);
    ByteBuf bytes =
        Unpooled.wrappedBuffer(frame(writer, "one"), frame(writer, ""), frame(writer, "two"));
    assertEquals(3 * (tls ? 12 : 44) + 6, bytes.readableBytes());
    assertFrame("one", reader.read(bytes));
    assertFrame("", reader.read(bytes));
    assertFrame("two", reader.read(bytes));
    assertInstanceOf(FrameReader.Result.Incomplete.class, reader.read(bytes));
  }

  @Test
  void waitsForAWholeFrame() {
    ByteBuf whole = frame(writer(false), "payload");
    for (int length = 0; length < whole.readableBytes(); length++) {
      ByteBuf part = whole.slice(0, length);
      assertInstanceOf(FrameReader.Result.Incomplete.class, reader(false).read(part));
      assertEquals(0, part.readerIndex());
    }
    assertFrame("payload", reader(false).read(whole));
  }

  @Test
  void refusesAFrameWithAnyBitFlipped() {
    byte[] whole = new byte[44 + 7];
    frame(writer(false), "payload").readBytes(whole);
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] changed = whole.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      // Enough behind it, should the length have grown.
      ByteBuf bytes = Unpooled.wrappedBuffer(changed, new byte[2 * MAX]);
      FrameReader.Result result = reader(false).read(bytes);
      assertInstanceOf(FrameReader.Result.Wrong.class, result, "bit " + bit);
      assertEquals(0, bytes.readerIndex());
    }
  }

  @Test
  @DisplayName("S1 a length of 2 GB, or a negative one, is refused from the first twelve bytes")
  void refusesALengthOverTheLimit() {
    for (int length : new int[] {MAX + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
      ByteBuf head = Unpooled.buffer().writeInt(length).writeLong(0);
      assertEquals(FrameFault.FRAME_TOO_LONG, fault(reader(false).read(head)));
      assertEquals(FrameFault.FRAME_TOO_LONG, fault(reader(true).read(head)));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesWhatIsReplayedSkippedOrReordered(boolean tls) {
    FrameWriter writer = writer(tls);
    ByteBuf first = frame(writer, "first");
    ByteBuf second = frame(writer, "second");
    assertEquals(FrameFault.WRONG_COUNTER, fault(reader(tls).read(second.duplicate())));
    FrameReader reader = reader(tls);
    assertFrame("first", reader.read(first.duplicate()));
    assertEquals(FrameFault.WRONG_COUNTER, fault(reader.read(first.duplicate())));
    assertFrame("second", reader.read(second.duplicate()));
  }

  @Test
  void refusesAFrameSentBackToItsMaker() {
    FrameReader own = new FrameReader(agreement(SessionKeys.Role.INITIATOR, false), MAX);
    assertEquals(FrameFault.WRONG_MAC, fault(own.read(frame(writer(false), "payload"))));
  }

  @Test
  @DisplayName("S2 random bytes are never a frame")
  void refusesRandomBytes() {
    Random random = new Random(11);
    List<FrameReader.Result> taken = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[random.nextInt(100)];
      random.nextBytes(bytes);
      ByteBuf in = Unpooled.wrappedBuffer(bytes);
      if (bytes.length >= 12 && random.nextBoolean()) {
        in.setInt(0, random.nextInt(60)).setLong(4, 0);
      }
      if (reader(false).read(in) instanceof FrameReader.Result.Frame frame) {
        taken.add(frame);
      }
    }
    assertEquals(List.of(), taken);
  }
}

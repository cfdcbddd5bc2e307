package io.tallystick.network.frame;

import io.netty.buffer.ByteBuf;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.HmacSha256;
import io.tallystick.network.handshake.Agreement;
import java.util.Optional;

/** Checks and takes apart the frames of one direction of one session. One thread. */
public final class FrameReader {
  private final Optional<HmacSha256> mac;
  private final int payloadBytesMax;
  private long next;

  /**
   * Starts at counter 0.
   *
   * @param payloadBytesMax largest payload that this peer may send
   */
  public FrameReader(Agreement agreement, int payloadBytesMax) {
    this.mac = agreement.tls() ? Optional.empty() : Optional.of(agreement.keys().receiveMac());
    this.payloadBytesMax = payloadBytesMax;
  }

  /** What the bytes at hand are. */
  public sealed interface Result {
    /** The start of a frame that may still become a right one. */
    record Incomplete() implements Result {}

    /** A whole frame, checked; it was consumed. */
    record Frame(Bytes payload) implements Result {}

    /** No frame of this session: close it. Nothing was consumed. */
    record Wrong(FrameFault fault) implements Result {}
  }

  private static final Result INCOMPLETE = new Result.Incomplete();

  /** Looks at the bytes at hand, and consumes one frame if a whole one is there. */
  public Result read(ByteBuf in) {
    if (in.readableBytes() < FrameWriter.HEAD_BYTES) {
      return INCOMPLETE;
    }
    int start = in.readerIndex();
    long length = in.getUnsignedInt(start);
    if (length > payloadBytesMax) {
      return new Result.Wrong(FrameFault.FRAME_TOO_LONG);
    }
    if (in.getLong(start + 4) != next) {
      return new Result.Wrong(FrameFault.WRONG_COUNTER);
    }
    int tagLength = mac.isPresent() ? HmacSha256.LENGTH : 0;
    if (in.readableBytes() < FrameWriter.HEAD_BYTES + tagLength + length) {
      return INCOMPLETE;
    }
    byte[] head = take(in, FrameWriter.HEAD_BYTES);
    byte[] tag = take(in, tagLength);
    byte[] payload = take(in, (int) length);
    if (mac.isPresent() && !mac.get().update(head).update(payload).verify(tag)) {
      in.readerIndex(start);
      return new Result.Wrong(FrameFault.WRONG_MAC);
    }
    next++;
    return new Result.Frame(Bytes.wrap(payload));
  }

  private static byte[] take(ByteBuf in, int length) {
    byte[] array = new byte[length];
    in.readBytes(array);
    return array;
  }
}

package io.tallystick.network.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.HmacSha256;
import io.tallystick.network.handshake.Agreement;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Makes the frames of one direction of one session, counting them. One thread. */
public final class FrameWriter {
  /** Length and counter, in bytes. */
  public static final int HEAD_BYTES = 12;

  /** What a frame adds to its payload at most, in bytes. */
  public static final int OVERHEAD_BYTES = HEAD_BYTES + HmacSha256.LENGTH;

  private final Optional<HmacSha256> mac;
  private long next;

  /** Starts at counter 0. */
  public FrameWriter(Agreement agreement) {
    mac = agreement.tls() ? Optional.empty() : Optional.of(agreement.keys().sendMac());
  }

  /** The next frame, in a buffer of its own that the caller releases or writes. */
  public ByteBuf frame(ByteBufAllocator allocator, Bytes payload) {
    byte[] head = ByteBuffer.allocate(HEAD_BYTES).putInt(payload.size()).putLong(next++).array();
    ByteBuf out = allocator.ioBuffer(OVERHEAD_BYTES + payload.size());
    out.writeBytes(head);
    mac.ifPresent(by -> out.writeBytes(by.update(head).update(payload.unsafeArray()).finish()));
    return out.writeBytes(payload.unsafeArray());
  }
}

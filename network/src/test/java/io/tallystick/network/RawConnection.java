package io.tallystick.network;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.frame.FrameReader;
import io.tallystick.network.frame.FrameWriter;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.Handshake;
import io.tallystick.network.handshake.Step;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A plain socket that speaks as much of the protocol, or as little, as a test wants. */
final class RawConnection implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 30_000;

  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.setTcpNoDelay(true);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  static RawConnection open(int port) throws IOException {
    return open(InetAddress.getLoopbackAddress(), port);
  }

  static RawConnection open(InetAddress address, int port) throws IOException {
    return new RawConnection(new Socket(address, port));
  }

  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  /** Runs an initiator's handshake; empty when the other side closed, or said nothing, instead. */
  Optional<Agreement> handshake(Handshake handshake) throws IOException {
    try {
      message(handshake.first().orElseThrow());
      while (true) {
        byte[] message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        switch (handshake.receive(Bytes.wrap(message))) {
          case Step.Reply(var reply) -> message(reply);
          case Step.Done(var last, var agreement) -> {
            if (last.isPresent()) {
              message(last.get());
            }
            return Optional.of(agreement);
          }
          case Step.Refused refused -> {
            return Optional.empty();
          }
        }
      }
    } catch (EOFException | SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  /** Writes one message of a handshake. */
  void message(Bytes message) throws IOException {
    byte[] framed =
        ByteBuffer.allocate(2 + message.size())
            .putShort((short) message.size())
            .put(message.unsafeArray())
            .array();
    write(framed);
  }

  void write(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
  }

  /** The next frame, as bytes. */
  static byte[] frame(FrameWriter writer, Bytes payload) {
    ByteBuf frame = writer.frame(UnpooledByteBufAllocator.DEFAULT, payload);
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    frame.release();
    return bytes;
  }

  /** Reads until a frame with a payload is there. */
  Bytes read(FrameReader reader) throws IOException {
    ByteBuf buffer = Unpooled.buffer();
    byte[] chunk = new byte[64 << 10];
    while (true) {
      FrameReader.Result result = reader.read(buffer);
      if (result instanceof FrameReader.Result.Frame(var payload)) {
        if (!payload.isEmpty()) {
          return payload;
        }
      } else {
        int count = in.read(chunk);
        if (count < 0) {
          throw new EOFException();
        }
        buffer.writeBytes(chunk, 0, count);
      }
    }
  }

  /** Whether the other side closes the connection; whatever it says before is ignored. */
  boolean closedByOther() throws IOException {
    byte[] sink = new byte[4 << 10];
    try {
      int count = in.read(sink);
      while (count >= 0) {
        count = in.read(sink);
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      // Reset: closed with bytes of ours unread.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

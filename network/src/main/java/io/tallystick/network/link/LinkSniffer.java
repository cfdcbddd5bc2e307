package io.tallystick.network.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.tallystick.network.handshake.HandshakeRefusal;
import java.util.List;

/** Tells TLS from a plain link by an accepted connection's first byte, and refuses a plain one. */
final class LinkSniffer extends ByteToMessageDecoder {
  // A TLS record that carries a handshake; our own handshake's lengths begin with 0, 1 or 2.
  private static final int TLS_HANDSHAKE = 0x16;

  private final Connections connections;

  LinkSniffer(Connections connections) {
    this.connections = connections;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    HandshakeHandler handshake = ctx.pipeline().get(HandshakeHandler.class);
    ChannelHandlerContext behind = ctx.pipeline().context(HandshakeHandler.class);
    if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
      ctx.pipeline().replace(this, "tls", connections.tlsServer(ctx.alloc()));
    } else if (connections.takesPlain(ctx.channel())) {
      handshake.beginPlain(behind);
      ctx.pipeline().remove(this);
    } else {
      in.skipBytes(in.readableBytes());
      handshake.refuse(behind, HandshakeRefusal.PLAIN_REFUSED);
    }
  }
}

package io.tallystick.network.link;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Begins the handshake of a plain dialled connection as soon as it is connected. */
final class PlainStart extends ChannelInboundHandlerAdapter {
  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.fireChannelActive();
    ctx.pipeline()
        .get(HandshakeHandler.class)
        .beginPlain(ctx.pipeline().context(HandshakeHandler.class));
    ctx.pipeline().remove(this);
  }
}

package io.tallystick.network;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.tallystick.network.tls.TlsLinks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody who ends the TLS of both sides, and passes on what is inside. */
final class TlsRelay implements AutoCloseable {
  private static final int TLS_MILLIS = 10_000;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final TlsLinks tls = new TlsLinks();
  private final AtomicInteger relayed = new AtomicInteger();
  private final Channel listening;

  TlsRelay(int targetPort) {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    listening =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel near) {
                    near.config().setAutoRead(false);
                    connect(near, new InetSocketAddress(loopback, targetPort));
                  }
                })
            .bind(loopback, 0)
            .syncUninterruptibly()
            .channel();
  }

  private void connect(Channel near, InetSocketAddress target) {
    new Bootstrap()
        .group(group)
        .channel(NioSocketChannel.class)
        .handler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel far) {
                far.pipeline().addLast(tls.client(far.alloc(), TLS_MILLIS), new Pass(near));
              }
            })
        .connect(target)
        .addListener(
            (ChannelFuture connected) -> {
              near.pipeline()
                  .addLast(tls.server(near.alloc(), TLS_MILLIS), new Pass(connected.channel()));
              near.config().setAutoRead(true);
            });
  }

  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  /** How many pieces were passed on: that it was there at all. */
  int relayed() {
    return relayed.get();
  }

  private final class Pass extends ChannelInboundHandlerAdapter {
    private final Channel other;

    Pass(Channel other) {
      this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      relayed.incrementAndGet();
      other.writeAndFlush(message).addListener(written -> {});
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      other.close().addListener(closed -> {});
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close().addListener(closed -> {});
    }
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

package io.tallystick.network.link;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/** The event loops of one network: epoll where there is one, NIO elsewhere. */
final class Loops implements AutoCloseable {
  private static final long CLOSE_SECONDS_MAX = 5;

  private final EventLoopGroup group;
  private final boolean epoll = Epoll.isAvailable();

  Loops(String name, int threadCount) {
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    group =
        new MultiThreadIoEventLoopGroup(
            threadCount, new DefaultThreadFactory(name + "-loop", true), factory);
  }

  EventLoopGroup group() {
    return group;
  }

  Class<? extends ServerChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends SocketChannel> channel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  @Override
  public void close() {
    var closing = group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    closing.awaitUninterruptibly(2 * CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
  }
}

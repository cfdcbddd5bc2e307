package io.tallystick.ledger.gateway;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The thread that accepts a gateway's connections. It ends as soon as it is told to: the server
 * waits for what runs by itself, and there is no reason to wait for more connections.
 */
final class AcceptLoop extends MultiThreadIoEventLoopGroup {
  private static final long END_SECONDS_MAX = 2;

  AcceptLoop() {
    super(
        1,
        new DefaultThreadFactory("gateway-accept", true),
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  }

  @Override
  public Future<?> shutdownGracefully() {
    return shutdownGracefully(0, END_SECONDS_MAX, TimeUnit.SECONDS);
  }
}

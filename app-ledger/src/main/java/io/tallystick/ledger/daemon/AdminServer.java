package io.tallystick.ledger.daemon;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tallystick.config.Address;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Serves {@code /metrics}, {@code /healthz} and {@code /readyz} to whoever looks after a node: one
 * request for each connection, on one thread. Connections, their time and the size of requests are
 * bounded; there is nothing else to ask for. It is bare Netty, which a replica has loaded anyway: a
 * restarted replica has better to do than to load a web framework.
 */
final class AdminServer implements AutoCloseable {
  private static final int CONNECTIONS_MAX = 64;
  private static final int REQUEST_BYTES_MAX = 4_096;
  private static final long CONNECTION_MILLIS_MAX = 10_000;
  private static final long CLOSE_MILLIS_MAX = 500;

  private final EventLoopGroup loop;
  private final Channel listening;

  private AdminServer(EventLoopGroup loop, Channel listening) {
    this.loop = loop;
    this.listening = listening;
  }

  /**
   * Starts serving.
   *
   * @param unready why the node isn't ready; empty when it is
   * @throws CommandException when the address can't be had
   */
  static AdminServer start(
      Address at, PrometheusMeterRegistry meters, Supplier<Optional<String>> unready) {
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("admin", true), NioIoHandler.newFactory());
    AtomicInteger open = new AtomicInteger();
    ChannelFuture binding =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    begin(channel, open, new Questions(meters, unready));
                  }
                })
            .bind(new InetSocketAddress(at.host(), at.port()))
            .awaitUninterruptibly();
    AdminServer server = new AdminServer(loop, binding.channel());
    if (!binding.isSuccess()) {
      server.close();
      throw inUse("admin_address", at, binding.cause());
    }
    return server;
  }

  private static void begin(Channel channel, AtomicInteger open, Questions questions) {
    channel.closeFuture().addListener(closed -> open.decrementAndGet());
    if (open.incrementAndGet() > CONNECTIONS_MAX) {
      var _ = channel.close();
      return;
    }
    Runnable ending =
        () -> {
          var _ = channel.close();
        };
    var _ = channel.eventLoop().schedule(ending, CONNECTION_MILLIS_MAX, TimeUnit.MILLISECONDS);
    channel
        .pipeline()
        .addLast(new HttpServerCodec(), new HttpObjectAggregator(REQUEST_BYTES_MAX), questions);
  }

  /** Says that an address can't be listened on. */
  static CommandException inUse(String key, Address at, Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new CommandException(
        ExitStatus.USAGE,
        key
            + ": can't listen on "
            + at
            + ": "
            + root.getMessage()
            + " (expected: an address of this machine that nobody else uses)",
        cause);
  }

  /** The port that is served. */
  int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    var _ = listening.close();
    var ending = loop.shutdownGracefully(0, CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
    ending.awaitUninterruptibly(2 * CLOSE_MILLIS_MAX);
  }

  /** Answers the request of one connection, and closes it. */
  private static final class Questions extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final PrometheusMeterRegistry meters;
    private final Supplier<Optional<String>> unready;

    Questions(PrometheusMeterRegistry meters, Supplier<Optional<String>> unready) {
      this.meters = meters;
      this.unready = unready;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      FullHttpResponse answer =
          request.decoderResult().isFailure()
              ? plain(HttpResponseStatus.BAD_REQUEST, "not HTTP")
              : answer(request);
      answer
          .headers()
          .set(HttpHeaderNames.CONTENT_LENGTH, answer.content().readableBytes())
          .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
          .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
      context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
    }

    private FullHttpResponse answer(FullHttpRequest request) {
      if (!request.method().equals(HttpMethod.GET)) {
        return plain(HttpResponseStatus.METHOD_NOT_ALLOWED, "expected: GET");
      }
      String target = request.uri();
      int query = target.indexOf('?');
      return switch (query < 0 ? target : target.substring(0, query)) {
        case "/metrics" ->
            text(
                HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", meters.scrape());
        case "/healthz" -> plain(HttpResponseStatus.OK, "ok");
        case "/readyz" ->
            unready
                .get()
                .map(why -> plain(HttpResponseStatus.SERVICE_UNAVAILABLE, why))
                .orElseGet(() -> plain(HttpResponseStatus.OK, "ready"));
        default -> plain(HttpResponseStatus.NOT_FOUND, "expected: /metrics, /healthz or /readyz");
      };
    }

    private static FullHttpResponse plain(HttpResponseStatus status, String text) {
      return text(status, "text/plain; charset=utf-8", text + "\n");
    }

    private static FullHttpResponse text(HttpResponseStatus status, String type, String text) {
      FullHttpResponse answer =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              status,
              Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)));
      answer.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
      return answer;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      // Whoever sends nonsense, or has gone: nothing that anybody must know
      var _ = context.close();
    }
  }
}

package io.tallystick.network.link;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.handshake.InitiatorHandshake;
import io.tallystick.network.handshake.LocalIdentity;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.handshake.ResponderHandshake;
import io.tallystick.network.session.NetworkMeters;
import io.tallystick.network.session.Session;
import io.tallystick.network.session.SessionTerms;
import io.tallystick.network.session.VerificationPool;
import io.tallystick.network.settings.NetworkSettings;
import io.tallystick.network.settings.TransportSecurity;
import io.tallystick.network.tls.TlsLinks;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Makes connections and turns them into sessions: the threads and bounds of one node's network. */
public final class Connections implements AutoCloseable {
  private static final int BACKLOG = 256;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(128 << 10, 256 << 10);

  private final LocalIdentity local;
  private final NetworkSettings settings;
  private final SessionHost host;
  private final NetworkMeters meters;
  private final Loops loops;
  private final VerificationPool pool;
  private final TlsLinks tls = new TlsLinks();
  private final UnauthenticatedConnections unauthenticated;

  /** Starts the threads. */
  public Connections(
      String name,
      LocalIdentity local,
      NetworkSettings settings,
      SessionHost host,
      NetworkMeters meters) {
    this.local = local;
    this.settings = settings;
    this.host = host;
    this.meters = meters;
    this.loops = new Loops(name, settings.eventLoops());
    this.pool = new VerificationPool(name, settings.verifiers());
    this.unauthenticated = new UnauthenticatedConnections(settings.handshake());
  }

  NetworkSettings settings() {
    return settings;
  }

  Loops loops() {
    return loops;
  }

  /**
   * Listens for peers and clients.
   *
   * @return the listening channel
   */
  public Channel listen(HostAddress address) throws BindFailedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverChannel())
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(initializer(this::accept));
    ChannelFuture binding =
        bootstrap
            .bind(new InetSocketAddress(address.host(), address.port()))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new BindFailedException(address, binding.cause());
    }
    return binding.channel();
  }

  private static ChannelInitializer<SocketChannel> initializer(Consumer<SocketChannel> with) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        with.accept(channel);
      }
    };
  }

  private void accept(SocketChannel channel) {
    InetAddress remote = channel.remoteAddress().getAddress();
    if (!unauthenticated.enter(remote)) {
      meters.refused(HandshakeRefusal.TOO_MANY_CONNECTIONS, NetworkMeters.UNAUTHENTICATED);
      var _ = channel.close();
      return;
    }
    meters.unauthenticated(1);
    AtomicBoolean counted = new AtomicBoolean(true);
    Runnable leave =
        () -> {
          if (counted.compareAndSet(true, false)) {
            unauthenticated.leave(remote);
            meters.unauthenticated(-1);
          }
        };
    channel.closeFuture().addListener(closed -> leave.run());
    HandshakeHandler handshake =
        new HandshakeHandler(
            exporter ->
                new ResponderHandshake(
                    local,
                    exporter,
                    (peer, announcement) -> host.admit(peer, announcement, remote)),
            settings.handshake(),
            new Ending(remote, Optional.empty(), new Accepted(leave)));
    channel.pipeline().addLast(new LinkSniffer(this)).addLast(handshake);
  }

  /**
   * Dials a replica.
   *
   * @param events called on the event loop
   */
  ChannelFuture dial(InetSocketAddress address, ReplicaId target, DialEvents events) {
    InetAddress remote = address.getAddress();
    boolean secured = wantsTls(remote);
    return new Bootstrap()
        .group(loops.group())
        .channel(loops.channel())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.handshake().connectMillisMax())
        .handler(
            initializer(
                channel -> {
                  HandshakeHandler handshake =
                      new HandshakeHandler(
                          exporter ->
                              new InitiatorHandshake(
                                  local,
                                  target,
                                  exporter,
                                  (peer, announcement) -> host.admit(peer, announcement, remote)),
                          settings.handshake(),
                          new Ending(remote, Optional.of(target), events));
                  if (secured) {
                    channel.pipeline().addLast("tls", tlsClient(channel.alloc()));
                  } else {
                    channel.pipeline().addLast(new PlainStart());
                  }
                  channel.pipeline().addLast(handshake);
                }))
        .connect(address);
  }

  /** An accepted connection stops counting as unauthenticated; a refused one when it is closed. */
  private record Accepted(Runnable leave) implements DialEvents {
    @Override
    public void established() {
      leave.run();
    }

    @Override
    public void refused(HandshakeRefusal reason, boolean byOther) {}
  }

  private boolean wantsTls(InetAddress remote) {
    return switch (settings.security()) {
      case AUTOMATIC -> !remote.isLoopbackAddress();
      case TLS -> true;
      case PLAIN_INSECURE -> false;
    };
  }

  /** Whether a plain connection from there is taken. */
  boolean takesPlain(Channel channel) {
    return channel.remoteAddress() instanceof InetSocketAddress remote
        && (settings.security() == TransportSecurity.PLAIN_INSECURE
            || !wantsTls(remote.getAddress()));
  }

  SslHandler tlsServer(ByteBufAllocator allocator) {
    return tls.server(allocator, settings.handshake().millisMax());
  }

  private SslHandler tlsClient(ByteBufAllocator allocator) {
    return tls.client(allocator, settings.handshake().millisMax());
  }

  /** What becomes of a handshake's end. */
  private final class Ending implements HandshakeHandler.Listener {
    private final InetAddress remote;
    private final Optional<ReplicaId> dialled;
    private final DialEvents dialler;

    Ending(InetAddress remote, Optional<ReplicaId> dialled, DialEvents dialler) {
      this.remote = remote;
      this.dialled = dialled;
      this.dialler = dialler;
    }

    @Override
    public void agreed(ChannelHandlerContext ctx, Agreement agreement) {
      Party peer = agreement.peer();
      // The terms first: a channel that is closed already tells so at once
      SessionTerms terms = host.terms(peer);
      ctx.channel().closeFuture().addListener(closed -> host.gone(peer, remote));
      Session.install(ctx.channel(), agreement, terms, pool, meters);
      dialler.established();
    }

    @Override
    public void refused(HandshakeRefusal reason, Optional<Party> culprit, boolean byOther) {
      // Whom we dialled is known, though it hasn't proved that it answered.
      String peer =
          culprit
              .map(Party::label)
              .or(() -> dialled.map(ReplicaId::toString))
              .orElse(NetworkMeters.UNAUTHENTICATED);
      boolean gone = reason == HandshakeRefusal.BROKEN || reason == HandshakeRefusal.TIMEOUT;
      if (byOther || (gone && dialled.isPresent())) {
        meters.refusedByPeer(reason, peer);
      } else {
        meters.refused(reason, peer);
      }
      dialler.refused(reason, byOther);
    }
  }

  /** Ends the threads; the sessions were closed before. */
  @Override
  public void close() {
    loops.close();
    pool.close();
  }
}

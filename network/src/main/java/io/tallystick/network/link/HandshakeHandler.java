package io.tallystick.network.link;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.handshake.Agreement;
import io.tallystick.network.handshake.Handshake;
import io.tallystick.network.handshake.HandshakeRefusal;
import io.tallystick.network.handshake.Party;
import io.tallystick.network.handshake.Step;
import io.tallystick.network.settings.HandshakeSettings;
import io.tallystick.network.tls.TlsLinks;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a handshake over a connection: {@code u16 length || message}, in time and within bounds.
 * In the pipeline from the first moment, so that the time counts from there; begins when the link
 * is known to be plain, or its TLS handshake is done.
 */
final class HandshakeHandler extends ByteToMessageDecoder {
  private static final Logger logger = LoggerFactory.getLogger(HandshakeHandler.class);
  private static final int LENGTH_BYTES = 2;

  private final Function<Bytes, Handshake> handshakes;
  private final HandshakeSettings settings;
  private final Listener listener;
  private @Nullable Handshake handshake;
  private boolean over;

  /**
   * One for one connection.
   *
   * @param handshakes makes the handshake, given the link's tls-exporter value or no bytes
   */
  HandshakeHandler(
      Function<Bytes, Handshake> handshakes, HandshakeSettings settings, Listener listener) {
    this.handshakes = handshakes;
    this.settings = settings;
    this.listener = listener;
  }

  /** How it ended; one of these is called, once, on the event loop. */
  interface Listener {
    /** Put the session at the pipeline's end; this handler leaves the pipeline afterwards. */
    void agreed(ChannelHandlerContext ctx, Agreement agreement);

    /** The connection is being closed. */
    void refused(HandshakeRefusal reason, Optional<Party> culprit, boolean byOther);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    var timeout =
        ctx.channel()
            .eventLoop()
            .schedule(
                () -> refuse(ctx, HandshakeRefusal.TIMEOUT),
                settings.millisMax(),
                TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(closed -> timeout.cancel(false));
  }

  /** The link is plain: no exporter value. */
  void beginPlain(ChannelHandlerContext ctx) {
    begin(ctx, Bytes.EMPTY);
  }

  private void begin(ChannelHandlerContext ctx, Bytes exporter) {
    if (over || handshake != null) {
      return;
    }
    handshake = handshakes.apply(exporter);
    handshake.first().ifPresent(message -> send(ctx, message));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      Optional<Bytes> exporter =
          done.isSuccess()
              ? TlsLinks.exporter(ctx.pipeline().get(SslHandler.class))
              : Optional.empty();
      exporter.ifPresentOrElse(
          value -> begin(ctx, value), () -> refuse(ctx, HandshakeRefusal.TLS_FAILED));
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    Handshake current = handshake;
    if (over || current == null) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int length = in.getUnsignedShort(in.readerIndex());
    if (length > settings.bytesMax()) {
      refuse(ctx, HandshakeRefusal.TOO_LONG);
      return;
    }
    if (in.readableBytes() < LENGTH_BYTES + length) {
      return;
    }
    byte[] message = new byte[length];
    in.skipBytes(LENGTH_BYTES).readBytes(message);
    switch (current.receive(Bytes.wrap(message))) {
      case Step.Reply(var reply) -> send(ctx, reply);
      case Step.Done(var reply, var agreement) -> {
        over = true;
        reply.ifPresent(last -> send(ctx, last));
        listener.agreed(ctx, agreement);
        // Whatever was read beyond the handshake goes on to the session.
        ctx.pipeline().remove(this);
      }
      case Step.Refused(var reason, var reply, var byOther, var culprit) ->
          end(ctx, new Step.Refused(reason, reply, byOther, culprit));
    }
  }

  /** Gives up. Nothing is sent: whoever is there isn't known to speak our language. */
  void refuse(ChannelHandlerContext ctx, HandshakeRefusal reason) {
    end(ctx, new Step.Refused(reason, Optional.empty(), false, Optional.empty()));
  }

  private void end(ChannelHandlerContext ctx, Step.Refused refused) {
    if (over) {
      return;
    }
    over = true;
    listener.refused(refused.reason(), refused.culprit(), refused.byOther());
    if (refused.message().isPresent()) {
      write(ctx, refused.message().get()).addListener(ChannelFutureListener.CLOSE);
    } else {
      var closing = ctx.close();
      closing.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }

  private static void send(ChannelHandlerContext ctx, Bytes message) {
    write(ctx, message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  private static ChannelFuture write(ChannelHandlerContext ctx, Bytes message) {
    ByteBuf out = ctx.alloc().ioBuffer(LENGTH_BYTES + message.size());
    out.writeShort(message.size()).writeBytes(message.unsafeArray());
    return ctx.writeAndFlush(out);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    refuse(ctx, HandshakeRefusal.BROKEN);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      logger.debug("handshake with {} failed", ctx.channel().remoteAddress(), cause);
    }
    refuse(ctx, HandshakeRefusal.BROKEN);
  }
}

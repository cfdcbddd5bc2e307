package io.tallystick.network.session;

import io.micrometer.core.instrument.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.tallystick.crypto.Bytes;
import io.tallystick.network.frame.FrameReader;
import io.tallystick.network.frame.FrameWriter;
import io.tallystick.network.settings.SessionSettings;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The half of a session that runs on its event loop: reads, writes, and watches the time. */
final class SessionHandler extends ByteToMessageDecoder {
  private static final Logger logger = LoggerFactory.getLogger(SessionHandler.class);

  private final Session session;
  private final Ends ends;
  private final Counter receivedBytes;
  private final Counter sentBytes;
  private final SessionClock clock;
  private @Nullable ChannelHandlerContext context;
  private boolean opened;
  private long partialBytes;

  SessionHandler(Session session, Ends ends, Counter receivedBytes, Counter sentBytes) {
    this.session = session;
    this.ends = ends;
    this.receivedBytes = receivedBytes;
    this.sentBytes = sentBytes;
    this.clock = new SessionClock(session.terms().settings(), System.nanoTime());
  }

  /** What the bytes of a session come from and go to. */
  record Ends(
      FrameReader reader, FrameWriter writer, Inbox inbox, SendQueue queue, HeldBytes held) {}

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    // The first frame proves that we hold the keys: the other side's session opens with it.
    keepalive(ctx);
    SessionSettings settings = session.terms().settings();
    long tickMillis = SessionClock.tickMillis(settings);
    var ticking =
        ctx.channel()
            .eventLoop()
            .scheduleAtFixedRate(this::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    ctx.channel().closeFuture().addListener(closed -> ticking.cancel(false));
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (session.ended() != null) {
      in.skipBytes(in.readableBytes());
      return;
    }
    if (session.paused()) {
      return;
    }
    switch (ends.reader().read(in)) {
      case FrameReader.Result.Incomplete() -> {}
      case FrameReader.Result.Wrong(var fault) -> session.close(SessionEnd.of(fault));
      case FrameReader.Result.Frame(var payload) -> take(payload);
    }
  }

  private void take(Bytes payload) {
    clock.frameDone();
    if (!opened) {
      opened = true;
      ends.inbox().opened();
    }
    boolean taken = payload.isEmpty() || ends.inbox().received(payload);
    // Counted once it waits for its turn, so that the count says what the pool can know of
    receivedBytes.increment(FrameWriter.OVERHEAD_BYTES + payload.size());
    if (payload.isEmpty()) {
      return;
    }
    if (!taken) {
      session.close(SessionEnd.OVER_BUDGET);
    } else if (ends.inbox().full()) {
      session.pause();
      // The pool may have emptied it before we said that we stop.
      if (!ends.inbox().full()) {
        session.resume();
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    // Not super's: that reads on even where reading was stopped.
    discardSomeReadBytes();
    clock.received(System.nanoTime());
    accountPartial();
    ctx.fireChannelReadComplete();
  }

  /** Counts what has arrived of an unfinished frame, and starts or stops its clock. */
  private void accountPartial() {
    long now = session.ended() == null ? internalBuffer().readableBytes() : 0;
    long more = now - partialBytes;
    if (more > 0 && !ends.held().take(more)) {
      session.close(SessionEnd.OVER_BUDGET);
      return;
    }
    if (more < 0) {
      ends.held().give(-more);
    }
    partialBytes = now;
    clock.partial(now > 0 && !session.paused(), System.nanoTime());
  }

  void resume() {
    if (context == null || session.ended() != null) {
      return;
    }
    session.resumed();
    clock.received(System.nanoTime());
    try {
      // Lets the frames that arrived before the pause be read; there may be no other event for it.
      channelRead(context, Unpooled.EMPTY_BUFFER);
      accountPartial();
    } catch (Exception e) {
      exceptionCaught(context, e);
    }
  }

  /** Writes what is queued while the connection takes it, and flushes once. */
  void drain() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    if (session.ended() != null) {
      discard();
      return;
    }
    boolean wrote = false;
    while (ctx.channel().isWritable()) {
      Bytes payload = ends.queue().poll();
      if (payload == null) {
        break;
      }
      wrote = true;
      sentBytes.increment(FrameWriter.OVERHEAD_BYTES + payload.size());
      var writing = ctx.write(ends.writer().frame(ctx.alloc(), payload));
      writing.addListener(
          sent -> {
            ends.queue().sent(payload);
            clock.progressed(System.nanoTime());
          });
    }
    if (wrote) {
      clock.sent(System.nanoTime());
      ctx.flush();
    }
  }

  /** Gives back what is queued, and what arrived in part. */
  void discard() {
    for (Bytes payload = ends.queue().poll(); payload != null; payload = ends.queue().poll()) {
      ends.queue().sent(payload);
    }
    ends.held().give(partialBytes);
    partialBytes = 0;
  }

  private void keepalive(ChannelHandlerContext ctx) {
    clock.sent(System.nanoTime());
    var writing = ctx.writeAndFlush(ends.writer().frame(ctx.alloc(), Bytes.EMPTY));
    writing.addListener(sent -> clock.progressed(System.nanoTime()));
  }

  private void tick() {
    ChannelHandlerContext ctx = context;
    if (ctx == null || session.ended() != null) {
      return;
    }
    long now = System.nanoTime();
    var pending = ctx.channel().unsafe().outboundBuffer();
    clock.waiting(pending == null ? 0 : pending.totalPendingWriteBytes(), now);
    if (pending != null && pending.current() != null) {
      clock.inProgress(pending.currentProgress(), now);
    }
    SessionEnd due = clock.due(session.paused(), ends.queue().idle(), now);
    if (due != null) {
      session.close(due);
    } else if (clock.keepaliveDue(now) && ctx.channel().isWritable()) {
      keepalive(ctx);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      drain();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    super.channelInactive(ctx);
    session.close(SessionEnd.CLOSED_BY_PEER);
    SessionEnd why = session.ended();
    if (opened) {
      ends.inbox().closed(why == null ? SessionEnd.CLOSED_BY_PEER : why);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof DecoderException) {
      // A reset connection, or a TLS record that isn't one: the world fails, no more to say.
      session.close(SessionEnd.BROKEN);
    } else {
      logger.error("session with {} failed", session.peer(), cause);
      session.close(SessionEnd.INTERNAL);
    }
  }
}

package io.tallystick.network.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.network.handshake.HandshakeRefusal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with one replica: dials, and dials again when the connection is gone, with
 * backoff. The name is resolved each time. Any thread.
 */
public final class Dialer implements DialEvents, AutoCloseable {
  private static final Logger logger = LoggerFactory.getLogger(Dialer.class);

  private final Connections connections;
  private final ReplicaId target;
  private final HostAddress address;
  private int failures;
  private boolean closed;
  private @Nullable Channel channel;
  private long sessionSinceNanos;
  private boolean hadSession;
  private @Nullable HandshakeRefusal refusal;

  /** Makes one that does nothing yet. */
  public Dialer(Connections connections, ReplicaId target, HostAddress address) {
    this.connections = connections;
    this.target = target;
    this.address = address;
  }

  /** Dials now, and from then on whenever there is no connection. */
  public void start() {
    Thread.ofVirtual().name("dial-" + target).start(this::dial);
  }

  // On a virtual thread, since resolving a name blocks.
  private void dial() {
    InetAddress host;
    try {
      host = InetAddress.getByName(address.host());
    } catch (UnknownHostException e) {
      logger.debug("cannot resolve {} of {}", address, target, e);
      again();
      return;
    }
    synchronized (this) {
      if (closed) {
        return;
      }
      hadSession = false;
      try {
        ChannelFuture connecting =
            connections.dial(new InetSocketAddress(host, address.port()), target, this);
        channel = connecting.channel();
        channel.closeFuture().addListener(gone -> again());
      } catch (RejectedExecutionException | IllegalStateException e) {
        // The loops have ended: the network is closing.
        closed = true;
      }
    }
  }

  @Override
  public synchronized void established() {
    hadSession = true;
    refusal = null;
    sessionSinceNanos = System.nanoTime();
  }

  @Override
  public synchronized void refused(HandshakeRefusal reason, boolean byOther) {
    // Said once, not at every attempt.
    if (reason != refusal && !closed) {
      refusal = reason;
      logger.warn(
          "no session with {} at {}: {}{}",
          target,
          address,
          reason.label(),
          byOther ? ", says the other side" : "");
    }
  }

  private synchronized void again() {
    if (closed) {
      return;
    }
    var backoff = connections.settings().backoff();
    long lasted = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sessionSinceNanos);
    // A session that ends at once, again and again, is no success.
    failures = hadSession && lasted >= backoff.millisMax() ? 1 : failures + 1;
    hadSession = false;
    long delayMillis = backoff.delayMillis(failures, ThreadLocalRandom.current());
    try {
      var _ = connections.loops().group().schedule(this::start, delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  /** Stops dialling, and closes the connection if there is one. */
  @Override
  public synchronized void close() {
    closed = true;
    if (channel != null) {
      var _ = channel.close();
    }
  }
}

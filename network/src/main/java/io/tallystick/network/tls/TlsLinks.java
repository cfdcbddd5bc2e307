package io.tallystick.network.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.tallystick.crypto.Bytes;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes the TLS ends of connections, and asks them for their exporter value. Any thread. */
public final class TlsLinks {
  private static final String LABEL = "EXPORTER-tallystick-handshake";
  private static final int EXPORTER_BYTES = 32;
  private static final String PROTOCOL = "TLSv1.3";

  private @Nullable SslContext server;
  private @Nullable SslContext client;

  /** The accepting end. The first one makes this process's certificate. */
  public SslHandler server(ByteBufAllocator allocator, int handshakeMillisMax) {
    return handler(serverContext(), allocator, handshakeMillisMax);
  }

  /** The dialling end. It names no host, so that sessions are never resumed. */
  public SslHandler client(ByteBufAllocator allocator, int handshakeMillisMax) {
    return handler(clientContext(), allocator, handshakeMillisMax);
  }

  private synchronized SslContext serverContext() {
    SslContext made = server;
    if (made == null) {
      EphemeralCertificate certificate = EphemeralCertificate.create();
      made =
          build(
              SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                  .clientAuth(ClientAuth.NONE));
      server = made;
    }
    return made;
  }

  private synchronized SslContext clientContext() {
    SslContext made = client;
    if (made == null) {
      made =
          build(
              SslContextBuilder.forClient()
                  // Sound only because the transcript that both sign contains the exporter value.
                  .trustManager(InsecureTrustManagerFactory.INSTANCE)
                  .endpointIdentificationAlgorithm(null));
      client = made;
    }
    return made;
  }

  private static SslContext build(SslContextBuilder builder) {
    try {
      return builder.sslProvider(SslProvider.JDK).protocols(PROTOCOL).build();
    } catch (SSLException e) {
      throw new IllegalStateException("this Java runtime has no TLS 1.3", e);
    }
  }

  private static SslHandler handler(SslContext context, ByteBufAllocator allocator, int millisMax) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(millisMax);
    return handler;
  }

  /** The exporter value of a finished TLS handshake; empty when there is none to be had. */
  public static Optional<Bytes> exporter(SslHandler handler) {
    if (!(handler.engine().getSession() instanceof ExtendedSSLSession session)
        || !session.getProtocol().equals(PROTOCOL)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          Bytes.wrap(session.exportKeyingMaterialData(LABEL, new byte[0], EXPORTER_BYTES)));
    } catch (SSLException e) {
      return Optional.empty();
    }
  }
}

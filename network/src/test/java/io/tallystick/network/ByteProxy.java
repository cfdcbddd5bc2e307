package io.tallystick.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A man in the middle who changes one byte, by its position, in one of the two directions. */
final class ByteProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int targetPort;
  private volatile int forwardFlip = -1;
  private volatile int backwardFlip = -1;

  ByteProxy(int targetPort) throws IOException {
    this.targetPort = targetPort;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** For the connections from now on; −1 leaves a direction alone. */
  void flip(int forward, int backward) {
    forwardFlip = forward;
    backwardFlip = backward;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket near = listening.accept();
        Socket far = new Socket(InetAddress.getLoopbackAddress(), targetPort);
        near.setTcpNoDelay(true);
        far.setTcpNoDelay(true);
        int forward = forwardFlip;
        int backward = backwardFlip;
        Thread.ofVirtual().start(() -> pump(near, far, forward));
        Thread.ofVirtual().start(() -> pump(far, near, backward));
      } catch (IOException e) {
        if (listening.isClosed()) {
          return;
        }
      }
    }
  }

  private static void pump(Socket from, Socket to, int flip) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] chunk = new byte[64 << 10];
      long at = 0;
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        if (flip >= at && flip < at + count) {
          chunk[(int) (flip - at)] ^= 1;
        }
        at += count;
        out.write(chunk, 0, count);
        out.flush();
      }
    } catch (IOException e) {
      // Either side is gone; closing both, as try does, is all there is to do.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

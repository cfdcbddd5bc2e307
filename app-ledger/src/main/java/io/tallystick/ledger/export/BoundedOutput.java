package io.tallystick.ledger.export;

import java.io.IOException;
import java.io.OutputStream;

/** Refuses what is longer than it may be. Closes nothing. */
final class BoundedOutput extends OutputStream {
  private final String path;
  private final long bytesMax;
  private final OutputStream out;
  private long written;

  BoundedOutput(String path, long bytesMax, OutputStream out) {
    this.path = path;
    this.bytesMax = bytesMax;
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    reserve(1);
    out.write(b);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    reserve(length);
    out.write(bytes, offset, length);
  }

  private void reserve(int more) throws IOException {
    written += more;
    if (written > bytesMax) {
      throw new IOException(path + ": too long (expected: at most " + bytesMax + " bytes)");
    }
  }
}

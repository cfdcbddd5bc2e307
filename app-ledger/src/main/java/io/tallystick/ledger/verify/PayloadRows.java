package io.tallystick.ledger.verify;

import io.tallystick.crypto.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads the rows of a {@code payloads/} file one by one; each ends with a newline. */
final class PayloadRows implements AutoCloseable {
  private final String name;
  private final InputStream in;
  private final int rowBytesMax;
  private int row;

  private PayloadRows(String name, InputStream in, int rowBytesMax) {
    this.name = name;
    this.in = in;
    this.rowBytesMax = rowBytesMax;
  }

  static PayloadRows open(Path directory, String name, int rowBytesMax)
      throws IOException, BrokenExportException {
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw BrokenExportException.at(name, "is missing (expected: a file)");
    }
    return new PayloadRows(
        name, new BufferedInputStream(Files.newInputStream(file), 1 << 16), rowBytesMax);
  }

  /** The next row without its newline. */
  Bytes next() throws IOException, BrokenExportException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw BrokenExportException.at(name, "ends in row " + row + " (expected: a newline)");
      }
      if (bytes.size() == rowBytesMax) {
        throw BrokenExportException.at(
            name, "row " + row + " is too long (expected: at most " + rowBytesMax + " bytes)");
      }
      bytes.write(b);
    }
    row++;
    return Bytes.wrap(bytes.toByteArray());
  }

  /** Nothing may follow the last row. */
  void end() throws IOException, BrokenExportException {
    if (in.read() >= 0) {
      throw BrokenExportException.at(name, "goes on after row " + (row - 1));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

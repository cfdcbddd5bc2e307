package io.tallystick.ledger.verify;

import io.tallystick.crypto.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Reads the rows of a {@code payloads/} file one by one; each ends with a newline. */
final class PayloadRows implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;

  private final String name;
  private final InputStream in;
  private final int rowBytesMax;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
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
    return new PayloadRows(name, Files.newInputStream(file), rowBytesMax);
  }

  /** The next row, which is {@code entry}'s, without its newline. */
  Bytes next(long entry) throws IOException, BrokenExportException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    while (true) {
      if (from == to && !fill()) {
        throw BrokenExportException.at(
            name, entry, "the file ends within row " + row + " (expected: a newline)");
      }
      int end = from;
      while (end < to && buffer[end] != '\n') {
        end++;
      }
      if (bytes.size() + end - from > rowBytesMax) {
        throw BrokenExportException.at(
            name, entry, "row " + row + " is too long (expected: <= " + rowBytesMax + " bytes)");
      }
      bytes.write(buffer, from, end - from);
      from = end;
      if (end < to) {
        from++;
        row++;
        return Bytes.wrap(bytes.toByteArray());
      }
    }
  }

  private boolean fill() throws IOException {
    from = 0;
    to = Math.max(0, in.read(buffer));
    return to > 0;
  }

  /** Nothing may follow the last row. */
  void end() throws IOException, BrokenExportException {
    if (from < to || fill()) {
      throw BrokenExportException.at(name, "goes on after row " + (row - 1));
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

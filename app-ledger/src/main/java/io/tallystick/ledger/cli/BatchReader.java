package io.tallystick.ledger.cli;

import io.tallystick.crypto.Bytes;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Cuts NDJSON into batches, by the text alone: the same text gives the same batches, so that a
 * repeated run with the same idempotency key names the same entries. Memory is bounded by one
 * batch.
 */
final class BatchReader implements AutoCloseable {
  /** Most lines of a batch. */
  static final int LINES_MAX = 500;

  /** Most bytes of a batch; a single longer line is a batch by itself. */
  static final int BYTES_MAX = 1 << 20;

  /** Longest line that is read. */
  static final int LINE_BYTES_MAX = 32 << 20;

  private final InputStream in;
  private final String name;
  private final int linesMax;
  private long lineNumber;
  private Line held = Line.NONE;

  /** A non-empty line: its number in the input, from 1, and its bytes without the newline. */
  record Line(long number, Bytes bytes) {
    private static final Line NONE = new Line(0, Bytes.EMPTY);
  }

  /** Lines that are sent together. */
  record Batch(String source, List<Line> lines) {
    /** The body of the request. */
    Bytes body() {
      int size = lines.stream().mapToInt(line -> line.bytes().size() + 1).sum();
      ByteArrayOutputStream body = new ByteArrayOutputStream(size);
      for (Line line : lines) {
        body.writeBytes(line.bytes().unsafeArray());
        body.write('\n');
      }
      return Bytes.wrap(body.toByteArray());
    }
  }

  BatchReader(String name, InputStream in) {
    this(name, in, LINES_MAX);
  }

  BatchReader(String name, InputStream in, int linesMax) {
    this.name = name;
    this.linesMax = linesMax;
    this.in = new BufferedInputStream(in, 1 << 16);
  }

  /** The next batch, or none at the end. */
  Optional<Batch> next() throws IOException {
    List<Line> lines = new ArrayList<>();
    long bytes = 0;
    while (lines.size() < linesMax) {
      Line line = held.number() > 0 ? held : readLine();
      held = Line.NONE;
      if (line.number() == 0) {
        break;
      }
      bytes += line.bytes().size() + 1;
      if (bytes > BYTES_MAX && !lines.isEmpty()) {
        held = line;
        break;
      }
      lines.add(line);
    }
    return lines.isEmpty() ? Optional.empty() : Optional.of(new Batch(name, lines));
  }

  private Line readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
    while (true) {
      int c = in.read();
      if (c == '\n' || c < 0) {
        lineNumber++;
        if (line.size() > 0) {
          return new Line(lineNumber, Bytes.wrap(line.toByteArray()));
        }
        if (c < 0) {
          return Line.NONE;
        }
      } else {
        line.write(c);
        if (line.size() > LINE_BYTES_MAX) {
          throw new IOException(
              name + ":" + (lineNumber + 1) + ": over " + LINE_BYTES_MAX + " bytes in one line");
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

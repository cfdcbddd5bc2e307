package io.tallystick.ledger.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.cli.BatchReader.Batch;
import io.tallystick.ledger.cli.BatchReader.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchReaderTest {
  private static List<Batch> batches(InputStream in, int linesMax) throws IOException {
    List<Batch> batches = new ArrayList<>();
    try (BatchReader reader = new BatchReader("x", in, linesMax)) {
      for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
        batches.add(next.get());
      }
    }
    return batches;
  }

  private static InputStream text(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keepsLinesVerbatimAndSkipsEmptyOnes() throws IOException {
    List<Batch> batches = batches(text("a\n\n b \r\n\nc"), 10);
    assertEquals(1, batches.size());
    assertEquals(
        List.of(
            new Line(1, Bytes.utf8("a")),
            new Line(3, Bytes.utf8(" b \r")),
            new Line(5, Bytes.utf8("c"))),
        batches.getFirst().lines());
    assertEquals(Bytes.utf8("a\n b \r\nc\n"), batches.getFirst().body());
  }

  @Test
  void cutsByLines() throws IOException {
    List<Batch> batches = batches(text("1\n2\n3\n4\n5\n"), 2);
    assertEquals(List.of(2, 2, 1), batches.stream().map(batch -> batch.lines().size()).toList());
  }

  @Test
  void cutsByBytesAndSendsALongLineAlone() throws IOException {
    String half = "h".repeat(BatchReader.BYTES_MAX / 2);
    String longLine = "l".repeat(2 * BatchReader.BYTES_MAX);
    List<Batch> batches = batches(text(half + "\n" + half + "\n" + longLine + "\nend"), 10);
    assertEquals(List.of(1, 1, 1, 1), batches.stream().map(b -> b.lines().size()).toList());
    assertEquals(4, batches.get(3).lines().getFirst().number());
  }

  @Test
  void hasNoBatchOfNothing() throws IOException {
    assertEquals(List.of(), batches(text("\n\n"), 10));
  }

  @Test
  void refusesALineWithoutEnd() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public int read(byte[] buffer, int offset, int length) {
            java.util.Arrays.fill(buffer, offset, offset + length, (byte) 'x');
            return length;
          }
        };
    assertThrows(IOException.class, () -> batches(endless, 10));
  }
}

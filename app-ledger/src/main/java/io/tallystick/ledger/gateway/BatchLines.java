package io.tallystick.ledger.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The lines of an NDJSON body, and whether one is JSON. */
final class BatchLines {
  private static final int DEPTH_MAX = 500;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH_MAX)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private BatchLines() {}

  /**
   * A line that isn't blank.
   *
   * @param number of the line in the body, from 0, blank ones counted
   * @param content without its newline, nor a carriage return before it
   */
  record Line(int number, Bytes content) {}

  /**
   * Cuts a body into lines, leaving out blank ones.
   *
   * @throws ProblemException when there are more than {@code linesMax}
   */
  static List<Line> cut(Bytes body, int linesMax) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (int at = 0; at < body.size(); number++) {
      int end = at;
      while (end < body.size() && body.at(end) != '\n') {
        end++;
      }
      Bytes line = body.slice(at, end > at && body.at(end - 1) == '\r' ? end - 1 : end);
      if (!isBlank(line)) {
        if (lines.size() == linesMax) {
          throw Problem.of(
                  Problem.Kind.TOO_LARGE,
                  "batch: more lines (expected: <= " + linesMax + " that aren't blank)")
              .exception();
        }
        lines.add(new Line(number, line));
      }
      at = end + 1;
    }
    return lines;
  }

  private static boolean isBlank(Bytes line) {
    for (int i = 0; i < line.size(); i++) {
      if (line.at(i) != ' ' && line.at(i) != '\t') {
        return false;
      }
    }
    return true;
  }

  /** What is wrong with a line as JSON (RFC 8259, one value, UTF-8); empty when nothing is. */
  static String fault(Bytes line) {
    // Decoded here: left to itself the parser would take other encodings and byte order marks
    try (JsonParser parser =
        JSON.createParser(
            new StringReader(
                StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.unsafeArray()))
                    .toString()))) {
      if (parser.nextToken() == null) {
        return "no JSON value";
      }
      parser.skipChildren();
      return parser.nextToken() == null ? "" : "more than one JSON value";
    } catch (IOException e) {
      String message = String.valueOf(e.getMessage());
      int end = message.indexOf('\n');
      return end < 0 ? message : message.substring(0, end);
    }
  }
}

package io.tallystick.ledger.gateway;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponseWriter;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.JsonObject;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * One batch on its way: keeps a bounded number of its lines running, and writes a row for each, in
 * order, as fast as the caller reads them. Any thread may finish a line; rows are written under
 * this object's lock.
 */
final class BatchRun {
  private static final int RUNNING_MAX = 2_048;
  private static final long RUNNING_BYTES_MAX = 4L << 20;
  private static final int WRITE_CHARS = 64 << 10;

  private final List<BatchLines.Line> lines;
  private final Function<BatchLines.Line, CompletableFuture<JsonObject>> append;
  private final HttpResponseWriter writer;
  private final Runnable end;
  private final ArrayDeque<Row> rows = new ArrayDeque<>();
  private int next;
  private long runningBytes;
  private boolean writing;
  private boolean ended;

  /** A line that is running, or done and not written yet. */
  private record Row(BatchLines.Line line, CompletableFuture<JsonObject> answer) {}

  /**
   * Makes a run that hasn't begun.
   *
   * @param append starts one line, and answers its row; never fails
   * @param end runs once, when all rows are written or the caller has gone
   */
  BatchRun(
      List<BatchLines.Line> lines,
      Function<BatchLines.Line, CompletableFuture<JsonObject>> append,
      HttpResponseWriter writer,
      Runnable end) {
    this.lines = lines;
    this.append = append;
    this.writer = writer;
    this.end = end;
  }

  /** Starts lines while there is room, writes what is done. */
  synchronized void advance() {
    if (ended) {
      return;
    }
    if (!writer.isOpen()) {
      // The caller has gone: what runs goes on, the rest is never started
      finish();
      return;
    }
    while (next < lines.size()
        && rows.size() < RUNNING_MAX
        && (rows.isEmpty() || runningBytes < RUNNING_BYTES_MAX)) {
      BatchLines.Line line = lines.get(next++);
      CompletableFuture<JsonObject> answer = append.apply(line);
      rows.add(new Row(line, answer));
      runningBytes += line.content().size();
      if (!answer.isDone()) {
        var _ = answer.thenRun(this::advance);
      }
    }
    write();
  }

  private void write() {
    if (writing) {
      return;
    }
    StringBuilder text = new StringBuilder();
    while (!rows.isEmpty() && rows.element().answer().isDone() && text.length() < WRITE_CHARS) {
      Row row = rows.remove();
      runningBytes -= row.line().content().size();
      text.append(CanonicalJson.text(row.answer().join())).append('\n');
    }
    if (text.isEmpty()) {
      if (rows.isEmpty() && next == lines.size()) {
        writer.close();
        finish();
      }
      return;
    }
    writing = true;
    boolean written = writer.tryWrite(HttpData.ofUtf8(text));
    if (!written) {
      finish();
      return;
    }
    var _ = writer.whenConsumed().handle((consumed, failed) -> written(failed == null));
  }

  private synchronized boolean written(boolean consumed) {
    writing = false;
    if (!consumed) {
      finish();
    } else {
      advance();
    }
    return consumed;
  }

  private void finish() {
    if (!ended) {
      ended = true;
      rows.clear();
      end.run();
    }
  }
}

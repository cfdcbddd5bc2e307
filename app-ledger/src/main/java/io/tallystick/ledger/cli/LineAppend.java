package io.tallystick.ledger.cli;

import io.tallystick.ledger.cli.BatchReader.Batch;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Appends the lines of files, batch by batch, for a caller who does other things in between. */
public final class LineAppend implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Appender appender;
  private final List<Path> files;
  private final int linesMax;
  private final String key;
  private int nextFile;
  private long batches;
  private Optional<BatchReader> reader = Optional.empty();

  /** Sends nothing yet. */
  public LineAppend(GatewayHttp gateway, String stream, List<Path> files, int linesMax) {
    this.appender = new Appender(gateway, stream, PATIENCE);
    this.files = List.copyOf(files);
    this.linesMax = linesMax;
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    this.key = HexFormat.of().formatHex(random);
  }

  /** Appends one more batch; false when there is none, or an outcome is unknown. */
  public boolean next(AppendRun run) throws IOException, InterruptedException {
    while (!run.isStuck()) {
      if (reader.isEmpty()) {
        if (nextFile == files.size()) {
          return false;
        }
        Path file = files.get(nextFile++);
        reader =
            Optional.of(
                new BatchReader(
                    file.toString(),
                    new BufferedInputStream(Files.newInputStream(file)),
                    linesMax));
      }
      Optional<Batch> batch = reader.get().next();
      if (batch.isPresent()) {
        run.add(appender.append(batch.get(), key + "-" + batches++));
        return true;
      }
      close();
    }
    return false;
  }

  /** Closes the file that is being read. */
  @Override
  public void close() throws IOException {
    if (reader.isPresent()) {
      reader.get().close();
      reader = Optional.empty();
    }
  }
}

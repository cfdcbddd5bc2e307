package io.tallystick.ledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.cli.BatchReader.Batch;
import io.tallystick.ledger.cli.BatchReader.Line;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tally append}: entries from NDJSON lines, or from whole files. */
@Command(
    name = "append",
    description = {
      "Appends each non-empty line of the files (NDJSON) as one entry, in order, and waits until"
          + " each holds a receipt. Retries never double an entry.",
    },
    footer = {"", "Exit status: 3 if any outcome is unknown, else 1 if any was rejected, else 0."})
final class AppendCommand extends CommandBase {
  private static final int WHOLE_BYTES_MAX = 64 << 20;

  @Mixin private GatewayOptions gateway;
  @Mixin private JsonOption json;

  @Option(names = "--stream", required = true, description = "The stream to append to.")
  private String stream;

  @Option(names = "--whole", description = "Each file is one payload, whatever is in it.")
  private boolean whole;

  @Option(
      names = "--content-type",
      defaultValue = "application/octet-stream",
      description = "With --whole; default: application/octet-stream.")
  private String contentType;

  @Option(
      names = "--idempotency-key",
      defaultValue = "",
      description =
          "Names this run: the same key with the same input answers the same entries; default: a"
              + " random one.")
  private String key;

  @Option(names = "--receipts", paramLabel = "FILE", description = "Write the receipts as NDJSON.")
  private Path receipts;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "Without progress for so long, outcomes count as unknown; default: 120.")
  private int timeoutSeconds;

  @Parameters(paramLabel = "FILE", description = "Files; none, or -: standard input.")
  private List<Path> files = new ArrayList<>();

  private long batches;

  @Override
  public Integer call() throws Exception {
    if (files.isEmpty()) {
      files.add(Path.of("-"));
    }
    if (key.isEmpty()) {
      byte[] random = new byte[16];
      new SecureRandom().nextBytes(random);
      key = HexFormat.of().formatHex(random);
    } else if (!key.matches("[!#-~]{1,200}")) {
      throw misused("--idempotency-key: expected 1 to 200 visible ASCII characters, no quotes");
    }
    long total = total();
    AppendRun run = new AppendRun();
    try (GatewayHttp http = gateway.connect();
        PrintWriter sink = sink();
        Progress progress = new Progress(err(), "appending", "entries", total)) {
      Appender appender = new Appender(http, stream, Duration.ofSeconds(timeoutSeconds));
      for (Path file : files) {
        if (!run.isStuck()) {
          append(file, appender, run, progress, sink);
        }
      }
    }
    for (BatchOutcome.Rejection rejection : run.shown()) {
      err().println(rejection.source() + ":" + rejection.line() + ": " + rejection.reason());
    }
    if (run.isStuck()) {
      err()
          .println(
              "tally: stopped at the first unknown outcome; the same command with --idempotency-key"
                  + " "
                  + key
                  + " resolves it and goes on");
    }
    out().println(json.enabled ? run.json() : run.summary());
    return run.status();
  }

  private void append(
      Path file, Appender appender, AppendRun run, Progress progress, PrintWriter sink)
      throws IOException, InterruptedException {
    if (whole) {
      Batch batch =
          new Batch(
              file.toString(), List.of(new Line(1, Bytes.wrap(Files.readAllBytes(checked(file))))));
      take(appender.appendWhole(batch, key + "-" + batches++, contentType), run, progress, sink);
      return;
    }
    try (BatchReader reader = new BatchReader(name(file), open(file))) {
      Optional<Batch> batch = reader.next();
      while (batch.isPresent() && !run.isStuck()) {
        take(appender.append(batch.get(), key + "-" + batches++), run, progress, sink);
        batch = reader.next();
      }
    }
  }

  private static void take(
      BatchOutcome outcome, AppendRun run, Progress progress, PrintWriter sink) {
    run.add(outcome);
    progress.add((long) outcome.receipts().size() + outcome.rejections().size());
    for (JsonNode receipt : outcome.receipts()) {
      sink.println(receipt);
    }
  }

  private static Path checked(Path file) throws IOException {
    if (Files.size(file) > WHOLE_BYTES_MAX) {
      throw new CommandException(
          ExitStatus.USAGE, file + ": over " + WHOLE_BYTES_MAX + " bytes (expected: less)");
    }
    return file;
  }

  private static boolean isStandardInput(Path file) {
    return file.toString().equals("-");
  }

  private static String name(Path file) {
    return isStandardInput(file) ? "standard input" : file.toString();
  }

  private static InputStream open(Path file) throws IOException {
    return isStandardInput(file) ? System.in : Files.newInputStream(file);
  }

  private PrintWriter sink() throws IOException {
    return receipts == null
        ? new PrintWriter(java.io.Writer.nullWriter())
        : new PrintWriter(Files.newBufferedWriter(receipts, StandardCharsets.UTF_8));
  }

  /** How many entries there are to be; 0 when only the end of a pipe can tell. */
  private long total() throws IOException {
    if (whole) {
      return files.size();
    }
    long lines = 0;
    for (Path file : files) {
      if (!isStandardInput(file) && !Files.exists(file)) {
        throw new CommandException(ExitStatus.USAGE, file + ": no such file");
      }
      if (isStandardInput(file) || !Files.isRegularFile(file)) {
        return 0;
      }
      lines += lines(file);
    }
    return lines;
  }

  private static long lines(Path file) throws IOException {
    long lines = 0;
    int last = '\n';
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      for (int c = in.read(); c >= 0; c = in.read()) {
        lines += last == '\n' && c != '\n' ? 1 : 0;
        last = c;
      }
    }
    return lines;
  }
}

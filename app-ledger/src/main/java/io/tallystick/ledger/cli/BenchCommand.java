package io.tallystick.ledger.cli;

import io.tallystick.config.ClientConfig;
import io.tallystick.config.ConfigException;
import io.tallystick.config.JsonObject;
import io.tallystick.config.NodeConfig;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tally bench}: what a ledger takes, and what that costs. */
@Command(
    name = "bench",
    description = {
      "Appends from many callers at once, each waiting for its receipt, and measures. Through a"
          + " gateway (--url), or with bundles of a direct client (--config client.yaml)."
    })
final class BenchCommand extends CommandBase {
  private static final int BYTES_MIN = 16;

  @Mixin private GatewayOptions gateway;
  @Mixin private JsonOption json;

  @Option(names = "--config", description = "A direct client's client.yaml, instead of a gateway.")
  private Path config;

  @Option(
      names = "--dir",
      description = "The cluster's directory, if it is on this machine: its CPU time and syncs.")
  private Path directory;

  @Option(names = "--callers", defaultValue = "50", description = "Default: 50.")
  private int callers;

  @Option(names = "--seconds", defaultValue = "60", description = "Default: 60.")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Appends like this before anything is measured; default: 10.")
  private int warmUpSeconds;

  @Option(names = "--bytes", defaultValue = "1024", description = "Of each payload; default: 1024.")
  private int bytes;

  @Option(names = "--stream", defaultValue = "bench", description = "Default: bench.")
  private String stream;

  private final Latencies latencies = new Latencies();
  private final AtomicLong failures = new AtomicLong();
  private volatile String lastFailure = "";
  private volatile boolean measuring;

  @Override
  public Integer call() throws Exception {
    if (callers < 1 || callers > 10_000 || seconds < 1 || warmUpSeconds < 0 || bytes < BYTES_MIN) {
      throw misused(
          "expected: 1 to 10000 callers, at least 1 second, at least " + BYTES_MIN + " bytes");
    }
    try (BenchTarget target = target()) {
      measure(target);
    }
    return failures.get() == 0 && latencies.count() > 0 ? ExitStatus.DONE : ExitStatus.FAILED;
  }

  private BenchTarget target() throws ConfigException {
    return config == null
        ? new GatewayBench(gateway.connect(), stream)
        : new BundleBench(NodeConfig.read(config, ClientConfig.class), stream);
  }

  private Optional<ClusterCosts> costs() throws IOException, ConfigException {
    return directory == null ? Optional.empty() : Optional.of(ClusterCosts.read(directory));
  }

  private void measure(BenchTarget target)
      throws InterruptedException, IOException, ConfigException {
    long endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds + (long) seconds);
    Thread[] threads = new Thread[callers];
    double took;
    Optional<ClusterCosts> costs;
    try (Progress progress = new Progress(err(), "appending", "entries", 0)) {
      for (int i = 0; i < callers; i++) {
        int caller = i;
        threads[i] = Thread.ofVirtual().start(() -> call(target, caller, endNanos, progress));
      }
      TimeUnit.SECONDS.sleep(warmUpSeconds);
      Optional<ClusterCosts> before = costs();
      long startNanos = System.nanoTime();
      measuring = true;
      for (Thread thread : threads) {
        thread.join();
      }
      took = (System.nanoTime() - startNanos) / 1e9;
      Optional<ClusterCosts> after = costs();
      costs = before.flatMap(first -> after.map(last -> last.minus(first)));
    }
    report(took, costs);
  }

  private void call(BenchTarget target, int caller, long endNanos, Progress progress) {
    long n = 0;
    while (System.nanoTime() < endNanos) {
      boolean counted = measuring;
      long startNanos = System.nanoTime();
      try {
        if (target.append(payload(caller, n++))) {
          if (counted) {
            latencies.add(System.nanoTime() - startNanos);
          }
          progress.add(1);
        } else {
          failed("no receipt");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (Exception e) {
        failed(String.valueOf(e));
      }
    }
  }

  private void failed(String why) {
    failures.incrementAndGet();
    lastFailure = why;
  }

  /** A JSON string, different each time, of exactly so many bytes. */
  private Bytes payload(int caller, long n) {
    byte[] payload = new byte[bytes];
    Arrays.fill(payload, (byte) 'x');
    byte[] number =
        String.format(Locale.ROOT, "\"%d.%d.", caller, n).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(number, 0, payload, 0, Math.min(number.length, bytes - 1));
    payload[bytes - 1] = '"';
    return Bytes.wrap(payload);
  }

  private void report(double took, Optional<ClusterCosts> costs) {
    long count = latencies.count();
    double perSecond = count / took;
    double thousands = Math.max(1, count) / 1_000.0;
    if (json.enabled) {
      JsonObject result =
          new JsonObject()
              .put("entries", Long.toString(count))
              .put("failures", Long.toString(failures.get()))
              .put("seconds", fixed(took))
              .put("entries_per_second", fixed(perSecond))
              .put("p50_millis", fixed(latencies.millis(0.5)))
              .put("p99_millis", fixed(latencies.millis(0.99)))
              .put("p999_millis", fixed(latencies.millis(0.999)));
      costs.ifPresent(
          c ->
              result
                  .put("cpu_seconds_per_1000", fixed(c.cpuSeconds() / thousands))
                  .put("syncs_per_1000", fixed(c.journalSyncs() / thousands)));
      out().println(result);
      return;
    }
    Table table = new Table("measured over " + fixed(took) + " s, " + callers + " callers", "");
    table.row("entries with a receipt", count);
    table.row("entries/s", fixed(perSecond));
    table.row("p50, ms", fixed(latencies.millis(0.5)));
    table.row("p99, ms", fixed(latencies.millis(0.99)));
    table.row("p99.9, ms", fixed(latencies.millis(0.999)));
    costs.ifPresent(
        c -> {
          table.row("CPU s of the cluster per 1,000 entries", fixed(c.cpuSeconds() / thousands));
          table.row("journal syncs per 1,000 entries", fixed(c.journalSyncs() / thousands));
        });
    table.row("failures", failures.get() + (lastFailure.isEmpty() ? "" : " (" + lastFailure + ")"));
    table.print(out());
  }

  private static String fixed(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }
}

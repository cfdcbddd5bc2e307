package io.tallystick.ledger.dev;

import com.fasterxml.jackson.databind.JsonNode;
import io.tallystick.crypto.Bytes;
import io.tallystick.ledger.cli.AppendRun;
import io.tallystick.ledger.cli.CommandException;
import io.tallystick.ledger.cli.ExitStatus;
import io.tallystick.ledger.cli.Exports;
import io.tallystick.ledger.cli.GatewayHttp;
import io.tallystick.ledger.cli.LineAppend;
import io.tallystick.ledger.cli.Progress;
import io.tallystick.ledger.receipt.Receipt;
import io.tallystick.ledger.receipt.ReceiptVerdict;
import io.tallystick.ledger.verify.ExportVerifier;
import io.tallystick.ledger.verify.Pin;
import io.tallystick.ledger.verify.VerifyReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Shows everything once, and stops at the first thing that doesn't hold. */
public final class DemoRun {
  private static final long LEVEL_SECONDS_MAX = 60;
  private static final long POLL_MILLIS = 100;
  private static final int BATCHES = 12;

  private final @Nullable Path wanted;
  private final List<Path> files;
  private final PrintWriter out;
  private final PrintWriter err;
  private final AppendRun appended = new AppendRun();

  /**
   * @param directory where all is left; null: in a temporary directory, removed at the end
   */
  public DemoRun(@Nullable Path directory, List<Path> files, PrintWriter out, PrintWriter err) {
    this.wanted = directory;
    this.files = List.copyOf(files);
    this.out = out;
    this.err = err;
  }

  /** Runs it; answers the exit status, 0 only if everything held. */
  public int run() throws Exception {
    Path directory = wanted == null ? Files.createTempDirectory("tallystick-demo") : wanted;
    Files.createDirectories(directory);
    try {
      show(directory.toAbsolutePath().normalize());
      return ExitStatus.DONE;
    } finally {
      if (wanted == null) {
        remove(directory);
      }
    }
  }

  private void show(Path directory) throws Exception {
    Path scratch = Files.createTempDirectory("tallystick-events");
    Path export = directory.resolve("export");
    DemoEvents events = DemoEvents.of(files, scratch);
    Steps steps = new Steps(out);
    out.println("Tallystick: four replicas, any one of which may fail or lie, and one gateway.");
    out.println();
    DevCluster.Wish wish = new DevCluster.Wish(directory, -1, 0, 0);
    try (DevCluster cluster = DevCluster.open(wish)) {
      Thread stop = stopAtExit(cluster);
      steps.step("start five processes", () -> start(cluster));
      try (GatewayHttp http = cluster.connect()) {
        String victim = "replica-" + (cluster.genesis().replicas().size() - 1);
        steps.step("append " + events.description(), () -> append(cluster, http, events, victim));
        steps.step("bring " + victim + " back", () -> level(cluster, http, victim));
        steps.step("check one receipt", () -> receipt(cluster));
        steps.step("export the ledger", () -> export(http, export));
      }
      steps.step("verify it offline", () -> verify(export, cluster));
      cluster.stop();
      Runtime.getRuntime().removeShutdownHook(stop);
      out.println();
      out.println("one receipt, as every append answers it:");
      out.println();
      out.println(appended.firstReceipt());
      out.println();
      steps.summary();
      if (wanted != null) {
        out.println();
        out.println("left in " + directory + "; go on with: tally dev --dir " + directory);
      }
      out.flush();
    } finally {
      remove(scratch);
    }
  }

  private static Thread stopAtExit(DevCluster cluster) {
    Thread stop =
        new Thread(
            () -> {
              try {
                cluster.stop();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(stop);
    return stop;
  }

  private static String start(DevCluster cluster) throws IOException, InterruptedException {
    cluster.start();
    cluster.awaitReady();
    return cluster.url();
  }

  private String append(DevCluster cluster, GatewayHttp http, DemoEvents events, String victim)
      throws IOException, InterruptedException {
    long total = events.count();
    int lines = Math.clamp(total / BATCHES, 1, 500);
    boolean killed = false;
    try (Progress progress = new Progress(err, "    appending", "entries", total);
        LineAppend append = new LineAppend(http, events.stream(), events.files(), lines)) {
      boolean more = true;
      while (more) {
        if (!killed && appended.committed() * 3 >= total) {
          cluster.child(victim).kill();
          killed = true;
          progress.note(victim + " killed");
        }
        more = append.next(appended);
        progress.at(appended.committed(), total);
      }
    }
    if (appended.status() != ExitStatus.DONE || appended.committed() != total || !killed) {
      throw broken("appended " + appended.summary() + " of " + total);
    }
    return appended.committed() + " committed, " + victim + " killed in the middle";
  }

  private static String level(DevCluster cluster, GatewayHttp http, String name)
      throws IOException, InterruptedException {
    cluster.child(name).restart();
    long startNanos = System.nanoTime();
    while (System.nanoTime() - startNanos < TimeUnit.SECONDS.toNanos(LEVEL_SECONDS_MAX)) {
      JsonNode replicas = http.fetch("v1/cluster").json().path("replicas");
      JsonNode back = replicas.path(replicas.size() - 1);
      boolean level = back.path("reachable").asBoolean() && !back.path("root").asText("").isEmpty();
      for (JsonNode replica : replicas) {
        level &= replica.path("executed").equals(back.path("executed"));
        level &= replica.path("root").equals(back.path("root"));
      }
      if (level) {
        return "level with the others, same root at " + back.path("size").asText() + " entries";
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    throw broken(name + " isn't level with the others after " + LEVEL_SECONDS_MAX + " s");
  }

  private String receipt(DevCluster cluster) {
    Receipt receipt = Receipt.parse(Bytes.utf8(appended.firstReceipt()));
    ReceiptVerdict verdict = receipt.check(cluster.genesis().trust());
    if (!(verdict instanceof ReceiptVerdict.Holds)) {
      throw broken("the receipt doesn't hold: " + verdict);
    }
    int lines = receipt.proof().note().signatures().size();
    return "holds: entry " + receipt.index() + ", signed by " + (lines - 1) + " replicas";
  }

  private String export(GatewayHttp http, Path export) throws IOException, InterruptedException {
    http.fetch("checkpoint");
    var summary = Exports.fetch(http, export, err);
    if (summary.size() <= appended.committed()) {
      throw broken("the export has " + summary.size() + " entries");
    }
    return summary.size() + " entries";
  }

  private String verify(Path export, DevCluster cluster) throws IOException {
    Pin pin = new Pin.GenesisHash(cluster.genesis().hash());
    try (Progress progress = new Progress(err, "    verifying", "entries", 0)) {
      return switch (ExportVerifier.verify(export, pin, progress::at)) {
        case VerifyReport.Consistent consistent ->
            "every hash and signature holds, root " + consistent.root().toHex().substring(0, 12);
        case VerifyReport.Broken found -> throw broken("the export is broken: " + found.line());
      };
    }
  }

  private static CommandException broken(String message) {
    return new CommandException(ExitStatus.FAILED, message);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> inside = Files.walk(directory)) {
      for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

package io.tallystick.e2e;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.TlogPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/**
 * Faults of one replica at a time under load, drawn from a seed: kill −9 and a restart, or SIGSTOP
 * and SIGCONT. What the callers saw is checked afterwards, against an export that verifies.
 */
final class FaultRun {
  private static final int CALLERS = 6;
  private static final Duration SETTLED = Duration.ofSeconds(30);

  private final Processes processes;
  private final Cluster cluster;
  private final Replicas replicas;
  private final History history = new History();
  private int kills;
  private int freezes;

  FaultRun(Processes processes, Cluster cluster) {
    this.processes = processes;
    this.cluster = cluster;
    this.replicas = new Replicas(cluster);
  }

  History history() {
    return history;
  }

  Replicas replicas() {
    return replicas;
  }

  /** Faults for so long; then all of them are level, and the callers have their answers. */
  void strike(Duration span, Random random)
      throws IOException, InterruptedException, ExecutionException {
    long endNanos = System.nanoTime() + span.toNanos();
    try (Load load = load("fault")) {
      while (System.nanoTime() < endNanos) {
        // Mostly the primary: it is the one that is missed
        int id = random.nextBoolean() ? replicas.primary() : random.nextInt(Replicas.COUNT);
        strike(id, random);
        awaitProgress();
        replicas.awaitLevel(id);
      }
      load.finish();
    }
    replicas.awaitAllLevel();
  }

  private void strike(int id, Random random) throws IOException, InterruptedException {
    String node = Replicas.node(id);
    if (random.nextInt(3) > 0) {
      kills++;
      cluster.kill(node);
      pass(random.nextInt(1_500));
      replicas.restart(id);
    } else {
      freezes++;
      cluster.freeze(node);
      try {
        pass(random.nextInt(3_000));
      } finally {
        cluster.thaw(node);
      }
    }
  }

  /** Lets callers at it. */
  Load load(String prefix) throws IOException {
    return Load.start(cluster, history, CALLERS, prefix);
  }

  /** Appends one entry more; answers the time from then on to its acknowledgement. */
  Duration append(String key, long startNanos) throws IOException {
    Load.append(cluster.http(), history, key);
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  /** Waits until something is acknowledged that was not before. */
  void awaitProgress() {
    int before = history.size();
    Await.until("an acknowledged append", SETTLED, () -> history.size() > before);
  }

  /** Lets time pass. */
  static void pass(long millis) {
    long endNanos = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    Await.until(
        "time to pass", Duration.ofMillis(millis + 1_000), () -> System.nanoTime() >= endNanos);
  }

  /** All that must not be, of a cluster that is quiet now. */
  List<String> violations() throws IOException, InterruptedException {
    Path export = processes.home().resolve("export-" + System.nanoTime());
    cluster.tally("export", "--out", export.toString()).expect(0, Cluster.COMMAND);
    String genesis = cluster.genesisHash();
    processes
        .run(Cluster.COMMAND, "verify", export.toString(), "--genesis", genesis)
        .expect(0, Cluster.COMMAND);
    List<String> found = new ArrayList<>(history.orderViolations());
    found.addAll(history.ledgerViolations(ExportedEntry.all(export)));
    found.addAll(history.receiptViolations(policy()));
    found.addAll(replicas.alarms());
    return found;
  }

  private TlogPolicy policy() throws IOException {
    try {
      return TlogPolicy.parse(Bytes.wrap(Files.readAllBytes(cluster.at("policy"))));
    } catch (MalformedNoteException e) {
      throw new AssertionError("the cluster's policy", e);
    }
  }

  @Override
  public String toString() {
    return kills + " kills, " + freezes + " freezes, " + history.size() + " acknowledged";
  }
}

package io.tallystick.e2e;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The four daemons of a cluster, as one breaks them and sees them come back. */
final class Replicas {
  static final int COUNT = 4;
  private static final Duration LEVEL = Duration.ofMinutes(1);

  private final Cluster cluster;

  Replicas(Cluster cluster) {
    this.cluster = cluster;
  }

  static List<Integer> ids() {
    return IntStream.range(0, COUNT).boxed().toList();
  }

  static String node(int id) {
    return "replica-" + id;
  }

  /** The primary of the view that f+1 replicas say they are in. */
  int primary() throws IOException, InterruptedException {
    return cluster.http().get("/v1/cluster").expect(200).json().path("primary").asInt();
  }

  /** Waits until a replica has executed all that another one had a moment before. */
  void awaitLevel(int id) {
    int other = id == 0 ? 1 : 0;
    Await.until(
        "replica " + id + " to be level with replica " + other,
        LEVEL,
        () -> executed(other) <= executed(id));
  }

  private double executed(int id) throws IOException, InterruptedException {
    return cluster.metrics(id).sum("bft_executed_seq");
  }

  void awaitAllLevel() {
    ids().forEach(this::awaitLevel);
  }

  /** Whether one of these says that it waits for a new view. */
  boolean changesView(List<Integer> ids) throws IOException, InterruptedException {
    for (int id : ids) {
      Metrics metrics = cluster.metrics(id);
      if (metrics.has("bft_active") && metrics.sum("bft_active") == 0) {
        return true;
      }
    }
    return false;
  }

  /** Starts one again; it runs when this returns, and is level later. */
  void restart(int id) throws IOException {
    Running running = cluster.startReplica(id);
    if (!running.process().isAlive()) {
      throw new AssertionError(running.report());
    }
  }

  /** Kills all at once with -9, in whatever state they are. */
  void killAll() {
    List<ProcessHandle> all = ids().stream().map(id -> cluster.process(node(id))).toList();
    for (ProcessHandle each : all) {
      if (!each.destroyForcibly() && each.isAlive()) {
        throw new AssertionError("process " + each.pid() + " can't be killed");
      }
    }
    all.forEach(Processes::end);
  }

  /** What no replica may ever count. */
  List<String> alarms() throws IOException, InterruptedException {
    List<String> found = new ArrayList<>();
    for (int id : ids()) {
      Metrics metrics = cluster.metrics(id);
      for (String name : List.of("bft_invariant_violations_total", "bft_equivocations_total")) {
        if (metrics.sum(name) != 0) {
          found.add("replica " + id + ": " + name + " " + metrics.sum(name));
        }
      }
    }
    return found;
  }
}

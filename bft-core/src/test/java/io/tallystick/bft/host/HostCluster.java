package io.tallystick.bft.host;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tallystick.bft.engine.AdmissionLimits;
import io.tallystick.bft.engine.ReplicaSettings;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.engine.TransferLimits;
import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.journal.Disk;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Whole hosts in one JVM: real journals, signatures and threads, and a network in memory. */
final class HostCluster implements AutoCloseable {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long ARRIVAL_MILLIS_MAX = 50;
  private static final Object ARRIVALS = new Object();

  final Cluster cluster;
  final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  final List<Exception> fatal = new ArrayList<>();
  private final Path directory;
  private final Disk disk;
  private final ConcurrentSkipListMap<ReplicaId, Node> nodes = new ConcurrentSkipListMap<>();
  private final TreeMap<ReplicaId, CarefulMachine> machines = new TreeMap<>();
  private final List<TestClient> clients = new ArrayList<>();

  /** A host that runs, and the thread on which messages reach it. */
  private record Node(ReplicaHost host, ExecutorService inbox) {}

  HostCluster(Path directory, Disk disk) throws IOException {
    this.directory = directory;
    this.disk = disk;
    this.cluster = new Cluster(4, parameters());
    for (ReplicaId replica : cluster.membership().ids()) {
      DataDirectory.initialize(data(replica));
      machines.put(replica, new CarefulMachine());
    }
  }

  /** A checkpoint every 8 batches, so that they happen. */
  private static Parameters parameters() {
    Parameters d = Parameters.defaults();
    return new Parameters(
        8,
        d.checkpointSeconds(),
        32,
        d.pipelineDepth(),
        4,
        d.headMillis(),
        100,
        d.viewTimeoutMillis(),
        d.skewMillis(),
        d.deadlineMillisMax(),
        d.outcomesMax(),
        d.payloadBytesMax(),
        d.bundleRequestsMax(),
        d.bundleBytesMax(),
        d.batchBundlesMax(),
        d.batchRequestsMax(),
        d.batchBytesMax(),
        d.voteSlotsMax());
  }

  Path data(ReplicaId replica) {
    return directory.resolve(replica.toString());
  }

  CarefulMachine machine(ReplicaId replica) {
    return Objects.requireNonNull(machines.get(replica));
  }

  HostConfig config(ReplicaId replica) {
    HostLimits d = HostLimits.defaults();
    HostLimits limits =
        new HostLimits(
            d.laneEvents(),
            d.laneBytes(),
            d.replies(),
            d.replyBytes(),
            d.reads(),
            d.archiveReads(),
            d.evidenceFiles(),
            256 << 10,
            1_000);
    return new HostConfig(
        new ReplicaSettings(
            replica,
            cluster.id(),
            cluster.membership(),
            cluster.parameters(),
            AdmissionLimits.defaults(),
            TransferLimits.defaults()),
        Cluster.ORIGIN,
        data(replica),
        limits,
        "0.1.0-test",
        HostClock.system(),
        disk);
  }

  HostKeys keys(ReplicaId replica) {
    return new HostKeys(
        cluster.identityKey(replica), cluster.cosignatureKey(replica), cluster.logKey());
  }

  ReplicaHost open(ReplicaId replica) throws IOException {
    return ReplicaHost.open(
        config(replica), keys(replica), machine(replica), registry, this::failed);
  }

  private void failed(Exception cause) {
    synchronized (fatal) {
      fatal.add(cause);
    }
  }

  void startAll() throws IOException {
    for (ReplicaId replica : cluster.membership().ids()) {
      start(replica);
    }
  }

  void start(ReplicaId replica) throws IOException {
    ReplicaHost host = open(replica);
    host.start((to, payload) -> deliver(replica, to, payload));
    Node node =
        new Node(
            host,
            Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("inbox-" + replica).factory()));
    for (ReplicaId other : nodes.keySet()) {
      host.peerReachable(other, true);
    }
    nodes.put(replica, node);
    nodes.forEach((id, peer) -> reachable(peer, id, replica, true));
    for (TestClient client : clients) {
      client.connect(replica, host);
    }
  }

  private static void reachable(Node peer, ReplicaId id, ReplicaId replica, boolean is) {
    if (!id.equals(replica)) {
      peer.host().peerReachable(replica, is);
    }
  }

  private boolean deliver(ReplicaId from, ReplicaId to, Bytes payload) {
    Node node = nodes.get(to);
    if (node == null || !nodes.containsKey(from)) {
      return false;
    }
    try {
      node.inbox()
          .execute(
              () -> {
                node.host().fromPeer(from, payload);
                arrived();
              });
      return true;
    } catch (RejectedExecutionException e) {
      return false; // it is being stopped
    }
  }

  void stop(ReplicaId replica) throws IOException {
    Node node = Objects.requireNonNull(nodes.remove(replica));
    node.inbox().shutdownNow();
    nodes.forEach((id, peer) -> reachable(peer, id, replica, false));
    node.host().close();
  }

  void stopAll() throws IOException {
    for (ReplicaId replica : List.copyOf(nodes.keySet())) {
      stop(replica);
    }
  }

  ReplicaHost host(ReplicaId replica) {
    return Objects.requireNonNull(nodes.get(replica)).host();
  }

  TestClient client(int number) {
    TestClient client = new TestClient(cluster, number);
    clients.add(client);
    nodes.forEach((id, node) -> client.connect(id, node.host()));
    return client;
  }

  /** Waits until all that run executed up to there, or beyond. */
  void awaitExecuted(long seq) {
    awaitAll(summary -> summary.executed() >= seq);
  }

  void awaitAll(Predicate<ReplicaSummary> condition) {
    await(
        () -> nodes.values().stream().allMatch(node -> condition.test(node.host().summary())),
        () -> nodes.values().stream().map(node -> node.host().summary()).toList().toString());
  }

  /** Waits for a condition, which is looked at again whenever a message arrived somewhere. */
  static void await(BooleanSupplier condition, Supplier<String> otherwise) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    synchronized (ARRIVALS) {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > deadline) {
          throw new AssertionError("waited in vain: " + otherwise.get());
        }
        try {
          ARRIVALS.wait(ARRIVAL_MILLIS_MAX);
        } catch (InterruptedException e) {
          throw new AssertionError("interrupted", e);
        }
      }
    }
  }

  /** Something arrived, at a replica or a client. */
  static void arrived() {
    synchronized (ARRIVALS) {
      ARRIVALS.notifyAll();
    }
  }

  @Override
  public void close() throws IOException {
    stopAll();
  }
}

package io.tallystick.bft.host;

import io.micrometer.core.instrument.MeterRegistry;
import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Replica;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.journal.FileBatchArchive;
import io.tallystick.bft.journal.FileJournal;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.statemachine.StateMachine;
import io.tallystick.bft.verify.Verifier;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica, running: its engine, journal, application and threads.
 *
 * <pre>
 *  ReplicaHost host = ReplicaHost.open(config, keys, machine, registry, onFatal);
 *  host.start(transport);      // and hand {@code host} to the network as its Inbound
 *  …
 *  host.close();               // after the network was closed
 * </pre>
 *
 * <p>{@code onFatal} is called once, on a thread of the host's, when the disk or the application
 * failed: the process should end then. It must not close the host on that thread. When the engine
 * itself is wrong, voting stops and reads go on. Safe on any thread.
 */
public final class ReplicaHost implements Inbound, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ReplicaHost.class);
  private static final long COMPLAINT_NANOS = 1_000_000_000L;

  private final HostConfig config;
  private final HostKeys keys;
  private final StateMachine machine;
  private final Consumer<Exception> onFatal;
  private final HostMetrics metrics;
  private final EventQueue events;
  private final Clients clients = new Clients();
  private final AtomicBoolean fatal = new AtomicBoolean();
  private volatile boolean stopped;
  private volatile long complainedNanos = System.nanoTime() - COMPLAINT_NANOS;

  private final Begun begun;
  private volatile @Nullable Running running;
  private boolean closed;

  /** What is open before anything runs. */
  private record Begun(
      DataDirectory directory,
      FileJournal journal,
      FileBatchArchive archive,
      Replica replica,
      Verifier verifier,
      Recovery recovery,
      JournalWatch watch) {}

  /** What runs. */
  private record Running(
      EngineThread engine,
      HostErrands errands,
      Application application,
      Replies replies,
      Reads reads,
      BatchSender batches,
      Boundary boundary) {}

  private ReplicaHost(
      HostConfig config,
      HostKeys keys,
      StateMachine machine,
      MeterRegistry registry,
      Consumer<Exception> onFatal)
      throws IOException {
    this.config = config;
    this.keys = keys;
    this.machine = machine;
    this.onFatal = onFatal;
    this.metrics = new HostMetrics(registry);
    this.events =
        new EventQueue(
            config.replica().membership().n() + 1,
            config.limits().laneEvents(),
            config.limits().laneBytes());
    this.begun = begin();
  }

  /**
   * Locks the data directory, replays the journal, and writes down that this is another start. The
   * host owns {@code machine} from here on, and closes it.
   *
   * @throws LostDiskException when there is no journal, and a vote may have been cast
   * @throws io.tallystick.bft.journal.DamagedJournalException when the journal can't be read
   * @throws IOException when the directory is locked or can't be written, or a record is no good
   */
  public static ReplicaHost open(
      HostConfig config,
      HostKeys keys,
      StateMachine machine,
      MeterRegistry registry,
      Consumer<Exception> onFatal)
      throws IOException {
    keys.check(config.member());
    return new ReplicaHost(config, keys, machine, registry, onFatal);
  }

  private Begun begin() throws IOException {
    DataDirectory directory = DataDirectory.lock(config.dataDirectory());
    FileJournal journal = null;
    FileBatchArchive archive = null;
    try {
      Verifier verifier =
          new Verifier(
              config.replica().cluster(),
              config.replica().membership(),
              config.replica().parameters(),
              config.origin());
      Replica replica = new Replica(config.replica(), PeerCodec::certificates);
      Recovery recovery = new Recovery(config, directory, verifier);
      JournalWatch watch = new JournalWatch(events, metrics, this::fail);
      journal = recovery.openJournal(machine.state().seq());
      recovery.replay(journal, replica);
      archive =
          FileBatchArchive.open(directory.archive(), config.disk(), config.limits().segmentBytes());
      recovery.begin(journal, watch);
      return new Begun(directory, journal, archive, replica, verifier, recovery, watch);
    } catch (IOException | RuntimeException e) {
      closeAfter(e, journal);
      closeAfter(e, archive);
      closeAfter(e, directory);
      throw e;
    }
  }

  private static void closeAfter(Exception cause, @Nullable AutoCloseable open) {
    if (open != null) {
      try {
        open.close();
      } catch (Exception e) {
        cause.addSuppressed(e);
      }
    }
  }

  /**
   * Starts all threads; from here on the replica takes part.
   *
   * @throws IllegalStateException when it was started or closed before
   */
  public synchronized void start(Transport transport) {
    if (running != null || closed) {
      throw new IllegalStateException("host of " + config.self() + ": started or closed before");
    }
    HeadSigner heads = new HeadSigner(config.self(), config.origin(), keys);
    Replies replies = new Replies(config, machine, heads, clients, this::complain);
    Application application =
        new Application(
            config,
            new Application.Rooms(machine, begun.archive(), heads, replies, events, metrics),
            this::workerFailed,
            this::complain);
    BatchSender batches = new BatchSender(config, begun.archive(), transport, this::complain);
    HostErrands errands =
        new HostErrands(
            config,
            new HostErrands.Rooms(
                keys, begun.verifier(), application, replies, batches, clients, events, metrics),
            new HostErrands.Outcomes(this::workerFailed, this::complain, this::stopVoting),
            new EvidenceFiles(
                begun.directory().evidence(),
                config.replica().cluster(),
                heads::noteText,
                config.limits().evidenceFiles()));
    EngineThread engine =
        new EngineThread(
            config,
            new EngineThread.Rooms(
                begun.replica(), events, begun.journal(), transport, errands, metrics),
            begun.recovery().voted());
    Reads reads =
        new Reads(
            config, new Reads.Rooms(machine, application, replies, this::summary), this::complain);
    Boundary boundary =
        new Boundary(
            config,
            new Boundary.Rooms(begun.verifier(), events, clients, reads, application, metrics));
    running = new Running(engine, errands, application, replies, reads, batches, boundary);
    observe(engine, application, replies, reads);
    begun.watch().run();
    engine.start(
        new Event.Started(machine.state(), machine.stateDigest(), begun.journal().nextPosition()));
  }

  private void observe(EngineThread engine, Application application, Replies replies, Reads reads) {
    metrics.summary(engine::summary);
    metrics.depth("events", events::depth);
    metrics.depth("executions", application::depth);
    metrics.depth("replies", replies::depth);
    metrics.depth("reads", reads::depth);
    metrics.depth("clients", clients::count);
  }

  /** Counts starts of this replica, from 1; durable. For handshakes. */
  public long incarnation() {
    return begun.recovery().incarnation();
  }

  /** 16 random bytes of this start. For handshakes. */
  public Bytes startId() {
    return begun.recovery().startId();
  }

  /** The highest slot that this replica voted at. For handshakes. */
  public VotedUpTo voted() {
    Running now = running;
    return now == null ? begun.recovery().voted() : now.engine().voted();
  }

  /** Where the replica stood a moment ago; it doesn't vote when it has stopped. */
  public ReplicaSummary summary() {
    Running now = running;
    ReplicaSummary summary = now == null ? begun.replica().summary() : now.engine().summary();
    return stopped && summary.voting() ? notVoting(summary) : summary;
  }

  private static ReplicaSummary notVoting(ReplicaSummary s) {
    return new ReplicaSummary(
        s.replica(),
        s.epoch(),
        s.view(),
        s.active(),
        s.primary(),
        s.viewChanges(),
        s.clockJumps(),
        false,
        s.quarantined(),
        s.executed(),
        s.stable(),
        s.high(),
        s.unexecuted(),
        s.pendingBundles(),
        s.admittedBytes(),
        s.admittedRequests(),
        s.ledgerTimeMicros(),
        s.head());
  }

  @Override
  public void peerReachable(ReplicaId peer, boolean reachable) {
    Running now = running;
    if (now != null) {
      now.boundary().peerReachable(peer, reachable);
    }
  }

  @Override
  public Verdict fromPeer(ReplicaId peer, Bytes payload) {
    Running now = running;
    return now == null ? Verdict.DROPPED : now.boundary().fromPeer(peer, payload);
  }

  @Override
  public void opened(ClientSession session) {
    Running now = running;
    if (now != null) {
      now.boundary().opened(session);
    }
  }

  @Override
  public void closed(ClientSession session) {
    clients.closed(session);
  }

  @Override
  public Verdict fromClient(ClientSession session, Bytes payload) {
    Running now = running;
    return now == null ? Verdict.DROPPED : now.boundary().fromClient(session, payload);
  }

  /** Signs and executes nothing more; reads go on. */
  private void stopVoting() {
    stopped = true;
    Running now = running;
    if (now != null) {
      now.errands().stop();
      now.application().stop();
      now.boundary().stopVoting();
    }
  }

  /** What vouches for us failed: the disk, or code that must not. */
  private void workerFailed(String worker, Exception cause) {
    if (cause instanceof IOException) {
      log.error("{} failed: this replica stops", worker, cause);
    } else {
      log.error("{} is wrong: this replica stops", worker, cause);
      metrics.invariantViolations("unexpected").increment();
    }
    fail(cause);
  }

  private void fail(Exception cause) {
    stopVoting();
    if (fatal.compareAndSet(false, true)) {
      onFatal.accept(cause);
    }
  }

  /** A service failed that nothing vouches for: said once a second at most. */
  private void complain(String worker, Exception cause) {
    metrics.dropped("failed", worker);
    long now = System.nanoTime();
    if (now - complainedNanos >= COMPLAINT_NANOS) {
      complainedNanos = now;
      log.warn("{} failed", worker, cause);
    }
  }

  /** Ends all threads, syncs what was executed, and lets go of the data directory. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    Running now = running;
    if (now != null) {
      now.engine().close();
      now.errands().close();
      now.application().close();
      now.replies().close();
      now.reads().close();
      now.batches().close();
    }
    IOException failure = null;
    // After a failure nothing is synced again: nobody would know what that means.
    if (!fatal.get()) {
      failure = attempt(failure, () -> machine.sync(begun.archive()::sync));
    }
    failure = attempt(failure, begun.journal()::close);
    failure = attempt(failure, begun.archive()::close);
    failure = attempt(failure, machine::close);
    failure = attempt(failure, begun.directory()::close);
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable IOException attempt(@Nullable IOException earlier, Worker.Task task) {
    try {
      task.run();
      return earlier;
    } catch (IOException e) {
      if (earlier == null) {
        return e;
      }
      earlier.addSuppressed(e);
      return earlier;
    }
  }
}

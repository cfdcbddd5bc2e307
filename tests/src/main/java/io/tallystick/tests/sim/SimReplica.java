package io.tallystick.tests.sim;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Effects;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.InvariantViolation;
import io.tallystick.bft.engine.Replica;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.journal.DamagedJournalException;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.bft.verify.Verdict;
import io.tallystick.bft.verify.Verified;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One replica's process: the real engine under a host in virtual time. It may be killed, paused,
 * wiped and started again; a life is what lies between a start and the end that follows.
 */
@SuppressWarnings("EnumOrdinal") // a number that is the same in every JVM of this build
final class SimReplica implements Storage.Owner {
  private static final int BACKLOG_MAX = 4_096;
  private static final long RESTART_MICROS = 2_000_000;
  private static final TimerName[] TIMERS = TimerName.values();

  private final Cluster cluster;
  private final int index;
  private final Surroundings around;
  private final Watcher watcher;
  private final SimClock clock;
  private final Storage storage;
  private final Application application;
  private final Effects effects = new Effects();
  private final long[] deadlines = new long[TIMERS.length];
  private final ArrayDeque<Runnable> frozen = new ArrayDeque<>();
  private @Nullable Replica engine;
  private long life;
  private long incarnation;
  private boolean paused;
  private boolean broken;
  private int effectsMax;

  SimReplica(Cluster cluster, int index, Surroundings around, Watcher watcher) {
    this.cluster = cluster;
    this.index = index;
    this.around = around;
    this.watcher = watcher;
    Dice dice = cluster.dice("replica " + index);
    this.clock = new SimClock(cluster.agenda(), 1_000 + dice.below(1 << 20));
    this.storage = new Storage(this, cluster.setting(), index, cluster.agenda(), dice);
    this.application = new Application(this, cluster, around, watcher, dice);
    this.effectsMax = 64 * cluster.setting().parameters().window() + 4_096;
  }

  int index() {
    return index;
  }

  Cluster cluster() {
    return cluster;
  }

  SimClock clock() {
    return clock;
  }

  Storage storage() {
    return storage;
  }

  Application application() {
    return application;
  }

  /** Whether the process runs. */
  boolean up() {
    return engine != null;
  }

  /** Whether its journal is lost or damaged, so that it can't start. */
  boolean broken() {
    return broken;
  }

  @Override
  public boolean paused() {
    return paused;
  }

  /** How the engine stands; only while up. */
  ReplicaSummary summary() {
    Replica running = engine;
    if (running == null) {
      throw new IllegalStateException("r" + index + " is down");
    }
    return running.summary();
  }

  @Override
  public long life() {
    return life;
  }

  @Override
  public boolean lives(long begun) {
    return life == begun && engine != null;
  }

  /** Runs it later, if this life lasts until then. */
  void later(long micros, Runnable what) {
    long begun = life;
    cluster
        .agenda()
        .after(
            micros,
            () -> {
              if (!lives(begun)) {
                return;
              }
              if (paused) {
                frozen.addLast(what);
              } else {
                what.run();
              }
            });
  }

  /** Starts the process, unless it runs or can't. */
  void start() {
    if (engine != null || broken) {
      return;
    }
    Replica fresh = new Replica(cluster.setting().replicaSettings(index), PeerCodec::certificates);
    life++;
    try {
      storage.open((position, record) -> replay(fresh, position, record));
      storage.begin(++incarnation);
    } catch (Violation e) {
      if (!watcher.isFaulty(index)) {
        throw e;
      }
      broken = true; // what he wrote contradicts itself
      return;
    } catch (DamagedJournalException e) {
      // Damage before the last mark: the product refuses to start from it, and so must this.
      watcher.refuses(index, e);
      broken = true;
      return;
    } catch (IOException e) {
      // Its disk is full, say: a supervisor starts it again.
      storage.crash(false);
      watcher.crashes(index);
      cluster.agenda().after(RESTART_MICROS, this::start);
      return;
    }
    engine = fresh;
    step(
        new Event.Started(
            application.state(), application.point().stateDigest(), storage.nextPosition()));
    around.reachable(index, true);
  }

  private void replay(Replica fresh, long position, JournalRecord record) throws IOException {
    Verified<JournalRecord> verified =
        switch (cluster.verifier().record(cluster.setting().id(index), record)) {
          case Verdict.Passed<JournalRecord>(var passed) -> passed;
          case Verdict.Failed<JournalRecord>(var failure) ->
              throw new Violation("journal", "r" + index + " record " + position + ": " + failure);
        };
    watcher.replays(index, record);
    Event event = new Event.Replayed(position, verified);
    try {
      fresh.step(event, clock.now(), effects);
    } catch (InvariantViolation e) {
      throw new Violation(e.property(), "r" + index + " replays " + record + ": " + e);
    }
    effects.clear();
  }

  /** Kills the process; with it, perhaps, the machine's power. */
  void crash(boolean powerCut) {
    if (engine == null) {
      return;
    }
    engine = null;
    life++;
    paused = false;
    frozen.clear();
    storage.crash(powerCut);
    application.crash();
    watcher.crashes(index);
    Arrays.fill(deadlines, 0);
    around.reachable(index, false);
  }

  /** Loses its disk. */
  void wipe() {
    crash(true);
    storage.disk().wipe();
    broken = true;
  }

  /** Stops, as by SIGSTOP, or goes on with all that came meanwhile. */
  void pause(boolean stop) {
    if (engine == null || paused == stop) {
      return;
    }
    paused = stop;
    while (!paused && engine != null && !frozen.isEmpty()) {
      frozen.removeFirst().run();
    }
  }

  @Override
  public void failStop(IOException cause) {
    crash(false);
    cluster.agenda().after(RESTART_MICROS, this::start);
  }

  /** A peer's message arrives. */
  void receive(int from, Verified<PeerMessage> message) {
    arrives(() -> step(new Event.Received(cluster.setting().id(from), message)));
  }

  /** Something arrives from outside: a stopped process finds so much of it later. */
  void arrives(Runnable what) {
    if (!paused) {
      what.run();
    } else if (frozen.size() < BACKLOG_MAX) {
      frozen.addLast(what);
    }
  }

  @Override
  public void synced(long upTo) {
    watcher.durable(index, upTo);
  }

  @Override
  public void durable(long upTo) {
    step(new Event.Durable(upTo)); // none is running yet while a start is written down
  }

  @Override
  public void space(boolean available) {
    later(0, () -> step(new Event.DiskSpace(available)));
  }

  /** The engine takes a step, and its effects are carried out. */
  void step(Event event) {
    Replica running = engine;
    if (running == null) {
      return;
    }
    around.takes(this, event);
    try {
      running.step(event, clock.now(), effects);
    } catch (InvariantViolation e) {
      if (watcher.isFaulty(index)) {
        crash(false); // his lies broke his own engine
        return;
      }
      throw new Violation(e.property(), "r" + index + " at " + Print.text(event) + ": " + e);
    }
    watcher.stands(index, running.summary());
    List<Effect> wanted = effects.list();
    watcher.bounded(index, wanted.size(), effectsMax);
    long begun = life;
    for (int i = 0; i < wanted.size() && life == begun; i++) {
      carryOut(wanted.get(i));
    }
    effects.clear();
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist(var position, var record) -> {
        watcher.persists(index, position, record);
        storage.persist(position, record);
      }
      case Effect.Cut(var below, var after) -> storage.after(after, () -> storage.cut(below));
      case Effect.Send(var to, var message, var after) ->
          storage.after(after, () -> send(to, message));
      case Effect.Multicast(var message, var after) ->
          storage.after(after, () -> multicast(message));
      case Effect.Sign(var statement) -> later(cluster.signMicros(), () -> sign(statement));
      case Effect.SendBatches batches -> application.sendBatches(batches);
      case Effect.Execute(var execution) -> {
        watcher.executes(index, execution);
        application.execute(execution);
      }
      case Effect.SyncApplication _ -> application.sync();
      case Effect.Arm(var timer, var ticks) -> arm(timer, clock.ticks() + ticks);
      case Effect.Disarm(var timer) -> deadlines[timer.ordinal()] = 0;
      case Effect.Reject(var sender, var why) -> watcher.rejects(index, sender, why);
      case Effect.Refuse refuse -> application.refuse(refuse);
      case Effect.AnswerAgain(var client, var bundle) -> application.again(client, bundle);
      case Effect.Publish(var head) -> application.publish(head);
      case Effect.Accuse(var culprit, var evidence) -> watcher.accuses(index, culprit, evidence);
      case Effect.Quarantine(var why) -> watcher.quarantines(index, why);
    }
  }

  private void sign(Statement statement) {
    Signed<? extends Statement> signed =
        new Signed<>(
            statement,
            cluster
                .identity(index)
                .sign(statement.signedBytes(cluster.setting().genesis().hash())));
    step(new Event.SignedByUs(Simulated.trusted(signed)));
  }

  private void send(ReplicaId to, PeerMessage message) {
    watcher.leaves(index, message, application.durableSeq());
    around.send(index, cluster.setting().membership().indexOf(to), message);
  }

  private void multicast(PeerMessage message) {
    watcher.leaves(index, message, application.durableSeq());
    for (int to = 0; to < cluster.setting().n(); to++) {
      if (to != index) {
        around.send(index, to, message);
      }
    }
  }

  private void arm(TimerName timer, long deadline) {
    deadlines[timer.ordinal()] = deadline;
    await(timer, deadline);
  }

  private void await(TimerName timer, long deadline) {
    later(clock.microsUntil(deadline), () -> expire(timer, deadline));
  }

  private void expire(TimerName timer, long deadline) {
    if (deadlines[timer.ordinal()] != deadline) {
      return; // armed anew, or disarmed
    }
    if (clock.ticks() < deadline) {
      later(500, () -> expire(timer, deadline));
      return;
    }
    deadlines[timer.ordinal()] = 0;
    step(new Event.TimerFired(timer));
  }

  @Override
  public String toString() {
    if (engine == null) {
      return "r" + index + (broken ? " broken" : " down");
    }
    ReplicaSummary now = summary();
    return "r%d view=%d%s executed=%d stable=%d pending=%d%s%s"
        .formatted(
            index,
            now.view(),
            now.active() ? "" : "?",
            now.executed(),
            now.stable(),
            now.pendingBundles(),
            now.voting() ? "" : " silent",
            now.quarantined() ? " quarantined" : "");
  }
}

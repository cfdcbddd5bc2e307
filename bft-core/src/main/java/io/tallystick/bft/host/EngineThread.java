package io.tallystick.bft.host;

import io.tallystick.bft.codec.JournalCodec;
import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Effects;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.InvariantViolation;
import io.tallystick.bft.engine.Now;
import io.tallystick.bft.engine.Replica;
import io.tallystick.bft.engine.ReplicaSummary;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.journal.Journal;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.crypto.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that steps the engine: takes events and timers in turn, reads the time once for
 * each, and carries out the effects in order.
 */
final class EngineThread {
  private static final Logger log = LoggerFactory.getLogger(EngineThread.class);
  private static final long IDLE_MILLIS = 1_000;
  private static final long SUMMARY_MILLIS = 20;

  private final HostConfig config;
  private final Replica replica;
  private final EventQueue events;
  private final Journal journal;
  private final Transport transport;
  private final Errands errands;
  private final HostMetrics metrics;

  private final PeerCodec peerCodec;
  private final JournalCodec journalCodec;
  private final List<ReplicaId> others;
  private final SendBarrier barrier = new SendBarrier();
  private final Timers timers = new Timers();
  private final Effects effects = new Effects();
  private long summaryTicks;
  private @Nullable Thread thread;

  private volatile ReplicaSummary summary;
  private volatile VotedUpTo voted;
  private volatile boolean stopped;

  /** What the engine wants done that neither journal nor network does; never blocks. */
  interface Errands {
    /** Does it; called on the engine's thread. */
    void run(Effect.Sign sign);

    void run(Effect.SendBatches send);

    void run(Effect.Execute execute);

    void run(Effect.SyncApplication sync);

    void run(Effect.Refuse refuse);

    void run(Effect.AnswerAgain again);

    void run(Effect.Publish publish);

    void run(Effect.Accuse accuse);

    void run(Effect.Quarantine quarantine);

    /** The engine is wrong, or we are: it takes no more steps. */
    void halted(String invariant, RuntimeException cause);
  }

  /** What the thread works with. */
  record Rooms(
      Replica replica,
      EventQueue events,
      Journal journal,
      Transport transport,
      Errands errands,
      HostMetrics metrics) {}

  EngineThread(HostConfig config, Rooms rooms, VotedUpTo voted) {
    this.config = config;
    this.replica = rooms.replica();
    this.events = rooms.events();
    this.journal = rooms.journal();
    this.transport = rooms.transport();
    this.errands = rooms.errands();
    this.metrics = rooms.metrics();
    this.voted = voted;
    this.peerCodec = new PeerCodec(config.replica().parameters());
    this.journalCodec = new JournalCodec(config.replica().parameters());
    this.others =
        config.replica().membership().ids().stream()
            .filter(id -> !id.equals(config.self()))
            .toList();
    this.summary = replica.summary();
  }

  /** Begins with this event. */
  void start(Event.Started started) {
    Thread begun =
        Thread.ofPlatform().name("engine-" + config.self()).unstarted(() -> run(started));
    thread = begun;
    begun.start();
  }

  /** Where the replica stood a moment ago. Any thread. */
  ReplicaSummary summary() {
    return summary;
  }

  /** The highest slot it voted at. Any thread. */
  VotedUpTo voted() {
    return voted;
  }

  /** Ends the thread after the step that it is in. */
  void close() {
    stopped = true;
    events.close();
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive() && running != Thread.currentThread()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Event.Started started) {
    try {
      barrier.durable(started.nextPosition() - 1);
      step(started);
      while (!stopped) {
        turn();
      }
    } catch (InvariantViolation e) {
      halt(e.property().label(), e);
    } catch (RuntimeException e) {
      halt("unexpected", e);
    } catch (Error e) {
      halt("unexpected", new IllegalStateException(e));
    } finally {
      stopped = true;
      events.close();
    }
  }

  private void halt(String invariant, RuntimeException cause) {
    log.error("{}: invariant {} is broken: voting stops", config.self(), invariant, cause);
    metrics.invariantViolations(invariant).increment();
    errands.halted(invariant, cause);
  }

  private void turn() {
    long ticks = config.clock().now().ticks();
    TimerName timer = timers.expired(ticks);
    if (timer != null) {
      step(new Event.TimerFired(timer));
      return;
    }
    Event event = events.poll(0);
    if (event == null) {
      summarize(ticks);
      event = events.poll(1_000_000 * timers.wait(ticks, IDLE_MILLIS));
    } else if (ticks - summaryTicks >= SUMMARY_MILLIS) {
      summarize(ticks);
    }
    if (event != null) {
      step(event);
    }
  }

  private void summarize(long ticks) {
    summaryTicks = ticks;
    summary = replica.summary();
  }

  private void step(Event event) {
    if (event instanceof Event.Durable(var upTo)) {
      barrier.durable(upTo);
    }
    Now now = config.clock().now();
    replica.step(event, now, effects);
    List<Effect> wanted = effects.list();
    for (int i = 0; i < wanted.size(); i++) {
      carryOut(wanted.get(i), now);
    }
    effects.clear();
  }

  private void carryOut(Effect effect, Now now) {
    switch (effect) {
      case Effect.Persist(var position, var record) -> persist(position, record);
      case Effect.Cut(var below, var after) -> barrier.after(after, () -> journal.cut(below));
      case Effect.Send(var to, var message, var after) -> send(List.of(to), message, after);
      case Effect.Multicast(var message, var after) -> send(others, message, after);
      case Effect.Arm(var timer, var ticks) -> timers.arm(timer, now.ticks() + ticks);
      case Effect.Disarm(var timer) -> timers.disarm(timer);
      case Effect.Reject(var sender, var why) -> metrics.rejected(why, sender);
      case Effect.Sign e -> errands.run(e);
      case Effect.SendBatches e -> errands.run(e);
      case Effect.Execute e -> errands.run(e);
      case Effect.SyncApplication e -> errands.run(e);
      case Effect.Refuse e -> errands.run(e);
      case Effect.AnswerAgain e -> errands.run(e);
      case Effect.Publish e -> errands.run(e);
      case Effect.Accuse e -> errands.run(e);
      case Effect.Quarantine e -> errands.run(e);
    }
  }

  private void persist(long position, JournalRecord record) {
    journal.append(position, journalCodec.encode(record));
    voted = voted.with(config.self(), record);
  }

  private void send(List<ReplicaId> to, PeerMessage message, long afterPosition) {
    // Encoded once, for all that it goes to.
    Bytes payload = peerCodec.encode(message);
    barrier.after(
        afterPosition,
        () -> {
          for (ReplicaId peer : to) {
            transport.send(peer, payload);
          }
        });
  }
}

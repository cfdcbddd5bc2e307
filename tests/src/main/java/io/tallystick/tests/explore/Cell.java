package io.tallystick.tests.explore;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Effects;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Now;
import io.tallystick.bft.engine.Replica;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import io.tallystick.tests.sim.Print;
import io.tallystick.tests.sim.Setting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One replica: the real engine, whose local work is done at once, but for what moves decide. */
final class Cell {
  private static final Signature UNSEEN = new Signature(Bytes.wrap(new byte[Signature.LENGTH]));

  private record Held(long after, PeerMessage message, int to) {}

  private final Board board;
  private final int index;
  private final Effects effects = new Effects();
  private final ArrayDeque<Event> local = new ArrayDeque<>();
  private final List<JournalRecord> journal = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();
  private final List<Digest> executed = new ArrayList<>();
  private Replica engine;
  private int durable;
  private int syncedExecuted;
  private long ledgerTime = Setting.GENESIS_MICROS;
  private long syncedTime = Setting.GENESIS_MICROS;
  private long ticks = 1_000;
  private long viewDeadline;
  private long history;

  Cell(Board board, int index) {
    this.board = board;
    this.index = index;
    this.history = Print.of(index);
    this.engine = start();
  }

  private Replica start() {
    Replica fresh = new Replica(board.setting().replicaSettings(index), PeerCodec::certificates);
    engine = fresh;
    for (int i = 0; i < journal.size(); i++) {
      take(new Event.Replayed(i + 1, Simulated.trusted(journal.get(i))));
    }
    durable = journal.size();
    take(
        new Event.Started(
            new Event.ApplicationState(executed.size(), ledgerTime, head()),
            stateDigest(),
            journal.size() + 1L));
    settle();
    return fresh;
  }

  /** Hash of all that happened here, in order: the engine's state follows from it. */
  long history() {
    return history;
  }

  List<Digest> executed() {
    return executed;
  }

  boolean timerArmed() {
    return viewDeadline > 0;
  }

  boolean unsynced() {
    return durable < journal.size();
  }

  /** Something happens, and everything that follows from it here. */
  void happen(Event event) {
    history = Print.of(history, Print.of(event));
    take(event);
    settle();
  }

  void timeout() {
    ticks = Math.max(ticks, viewDeadline);
    viewDeadline = 0;
    happen(new Event.TimerFired(TimerName.VIEW));
  }

  void sync() {
    history = Print.of(history, 71);
    commit();
    settle();
  }

  private void commit() {
    durable = journal.size();
    for (int i = 0; i < held.size(); ) {
      if (held.get(i).after <= durable) {
        Held ready = held.remove(i);
        board.post(index, ready.to, ready.message);
      } else {
        i++;
      }
    }
    local.addLast(new Event.Durable(durable));
  }

  void crash() {
    history = Print.of(history, 72);
    journal.subList(durable, journal.size()).clear();
    executed.subList(syncedExecuted, executed.size()).clear();
    ledgerTime = syncedTime;
    held.clear();
    local.clear();
    viewDeadline = 0;
    start();
  }

  private void settle() {
    while (true) {
      if (!local.isEmpty()) {
        take(local.removeFirst());
      } else if (unsynced() && !board.opening().lazySync()) {
        commit();
      } else {
        return;
      }
    }
  }

  private void take(Event event) {
    engine.step(event, new Now(ticks, Setting.GENESIS_MICROS + 1_000_000), effects);
    List<Effect> wanted = List.copyOf(effects.list());
    effects.clear();
    wanted.forEach(this::carryOut);
  }

  private void carryOut(Effect effect) {
    switch (effect) {
      case Effect.Persist(var _, var record) -> journal.add(record);
      case Effect.Send(var to, var message, var after) ->
          send(board.setting().membership().indexOf(to), message, after);
      case Effect.Multicast(var message, var after) -> {
        for (int to = 0; to < board.setting().n(); to++) {
          if (to != index) {
            send(to, message, after);
          }
        }
      }
      case Effect.Sign(var statement) ->
          local.addLast(new Event.SignedByUs(Simulated.trusted(signed(statement))));
      case Effect.Execute(var execution) -> execute(execution);
      case Effect.SyncApplication _ -> {
        syncedExecuted = executed.size();
        syncedTime = ledgerTime;
        local.addLast(new Event.ApplicationSynced(syncedExecuted));
      }
      case Effect.Arm(var timer, var after) -> {
        if (timer == TimerName.VIEW) {
          viewDeadline = ticks + after;
        }
      }
      case Effect.Disarm(var timer) -> {
        if (timer == TimerName.VIEW) {
          viewDeadline = 0;
        }
      }
      case Effect.Quarantine(var why) -> board.fails("quarantine of r" + index + ": " + why);
      case Effect.Accuse(var culprit, var _) -> board.accused(index, culprit);
      case Effect.Cut _,
          Effect.SendBatches _,
          Effect.Reject _,
          Effect.Refuse _,
          Effect.AnswerAgain _,
          Effect.Publish _ -> {}
    }
  }

  private void send(int to, PeerMessage message, long after) {
    if (after <= durable) {
      board.post(index, to, message);
    } else {
      held.add(new Held(after, message, to));
    }
  }

  private static Signed<? extends Statement> signed(Statement statement) {
    return new Signed<>(statement, UNSEEN);
  }

  /** A statement of anybody, as if it was signed. */
  static <S extends Statement> Signed<S> asSigned(S statement) {
    return new Signed<>(statement, UNSEEN);
  }

  private void execute(Effect.Execution execution) {
    executed.add(execution.batch().digest());
    ledgerTime = execution.ledgerTimeMicros();
    board.executes(index, executed.size(), execution.batch().digest());
    Optional<Digest> digest =
        execution.checkpoint() ? Optional.of(stateDigest()) : Optional.empty();
    HeadCosignature cosignature =
        new HeadCosignature(board.setting().id(index), head(), ledgerTime / 1_000_000, UNSEEN);
    local.addLast(new Event.Executed(execution.seq(), head(), digest, cosignature));
  }

  private TreeHead head() {
    @Nullable Digest root = null;
    for (Digest digest : executed) {
      root = root == null ? digest : Digest.sha256(root.unsafeArray(), digest.unsafeArray());
    }
    return root == null
        ? new TreeHead(0, io.tallystick.crypto.merkle.Rfc6962.EMPTY_ROOT)
        : new TreeHead(executed.size(), root);
  }

  private Digest stateDigest() {
    return Digest.sha256(Bytes.utf8("state " + executed.size()));
  }
}

package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Effect.Execution;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Event.ApplicationState;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.verify.Simulated;
import io.tallystick.bft.verify.Verdict;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A replica's application: executes in order, keeps the archive and the answers, syncs, and goes
 * back at a crash to what was synced.
 */
final class Application {
  private static final int ANSWERS_MAX = 4_096;
  private static final long EXECUTE_MICROS = 120;
  private static final long READ_MICROS = 80;

  private record Answered(
      Bundle bundle, List<Outcome> outcomes, Tip tip, HeadCosignature head, History.Point point) {}

  private final SimReplica replica;
  private final Cluster cluster;
  private final Surroundings around;
  private final Watcher watcher;
  private final Dice dice;
  private final ArrayDeque<Execution> queue = new ArrayDeque<>();
  private final TreeMap<Long, CommittedBatch> archive = new TreeMap<>();
  private final LinkedHashMap<Digest, Answered> answers = new LinkedHashMap<>();
  private History.Point point;
  private History.Point synced;
  private Optional<LoggedHead> published = Optional.empty();
  private boolean busy;
  private int syncing;
  private long syncMicros = 2_000;

  Application(
      SimReplica replica, Cluster cluster, Surroundings around, Watcher watcher, Dice dice) {
    this.replica = replica;
    this.cluster = cluster;
    this.around = around;
    this.watcher = watcher;
    this.dice = dice;
    this.point = cluster.history().root();
    this.synced = point;
  }

  History.Point point() {
    return point;
  }

  long durableSeq() {
    return synced.seq;
  }

  ApplicationState state() {
    return new ApplicationState(point.seq, point.timeMicros, point.head);
  }

  /** From now on a sync takes so long on average. */
  void slow(long micros) {
    syncMicros = micros;
  }

  /** Back to what was synced. */
  void crash() {
    point = synced;
    archive.tailMap(point.seq, false).clear();
    queue.clear();
    answers.clear();
    published = Optional.empty();
    busy = false;
    syncing = 0;
  }

  void execute(Execution execution) {
    queue.addLast(execution);
    if (!busy) {
      busy = true;
      replica.later(dice.around(EXECUTE_MICROS), this::run);
    }
  }

  private void run() {
    Execution execution = queue.removeFirst();
    archive.put(execution.seq(), new CommittedBatch(execution.certificate(), execution.bundles()));
    if (execution.seq() != point.seq + 1) {
      throw new IllegalStateException(
          "sequence number: " + execution.seq() + " (expected: " + (point.seq + 1) + ")");
    }
    point =
        cluster
            .history()
            .execute(point, execution.batch(), execution.ledgerTimeMicros(), execution.bundles());
    HeadCosignature head = cosign(point);
    watcher.executed(replica.index(), execution, point, head);
    answer(execution, head);
    Optional<Digest> digest =
        execution.checkpoint() ? Optional.of(point.stateDigest()) : Optional.empty();
    busy = !queue.isEmpty();
    if (busy) {
      replica.later(dice.around(EXECUTE_MICROS), this::run);
    }
    replica.step(new Event.Executed(execution.seq(), point.head, digest, head));
  }

  private HeadCosignature cosign(History.Point at) {
    Signature signature =
        cluster.cosigner(replica.index()).sign(at.cosigned(cluster.setting().genesis()));
    return new HeadCosignature(
        cluster.setting().id(replica.index()), at.head, at.timeMicros / 1_000_000, signature);
  }

  private void answer(Execution execution, HeadCosignature head) {
    Tip tip =
        new Tip(execution.certificate().epoch(), execution.seq(), execution.ledgerTimeMicros());
    for (int i = 0; i < execution.bundles().size(); i++) {
      Bundle bundle = execution.bundles().get(i);
      Answered answered = new Answered(bundle, point.outcomes.get(i), tip, head, point);
      answers.put(bundle.digest(), answered);
      reply(answered);
    }
    while (answers.size() > ANSWERS_MAX) {
      answers.remove(answers.firstEntry().getKey());
    }
  }

  private void reply(Answered answered) {
    int n = cluster.setting().n();
    boolean full = Long.remainderUnsigned(answered.bundle.digest().prefix(), n) == replica.index();
    around.answer(replica.index(), answered.bundle.client(), reply(answered, full));
  }

  private BundleReply reply(Answered answered, boolean inFull) {
    TreeHead head = answered.head.head();
    Optional<Full> full = Optional.empty();
    if (inFull) {
      Bytes appendix =
          Heads.appendix(answered.point.ledger, answered.bundle, answered.outcomes, head.size());
      full = Optional.of(new Full(logSignature(head), appendix));
    }
    return new BundleReply(
        answered.tip, answered.bundle.digest(), answered.outcomes, answered.head, full);
  }

  private Signature logSignature(TreeHead head) {
    String note = Heads.note(cluster.setting().genesis(), head);
    return cluster.log().sign(Bytes.utf8(note).unsafeArray());
  }

  /** Makes durable what is executed now; one sync that hasn't begun covers all that ask. */
  void sync() {
    if (syncing < 2) {
      syncing++;
      if (syncing == 1) {
        beginSync();
      }
    }
  }

  private void beginSync() {
    History.Point covered = point;
    replica.later(
        dice.around(syncMicros),
        () -> {
          synced = covered;
          syncing--;
          if (syncing > 0) {
            beginSync();
          }
          replica.step(new Event.ApplicationSynced(covered.seq));
        });
  }

  void sendBatches(Effect.SendBatches wanted) {
    replica.later(
        dice.around(READ_MICROS),
        () -> {
          long bytes = 0;
          int to = cluster.setting().membership().indexOf(wanted.to());
          for (long seq = wanted.fromSeq(); seq <= wanted.toSeq(); seq++) {
            CommittedBatch batch = archive.get(seq);
            if (batch == null || bytes >= wanted.bytesMax()) {
              return;
            }
            bytes += 400 + batch.bundles().stream().mapToLong(Bundle::weightBytes).sum();
            around.send(replica.index(), to, batch);
          }
        });
  }

  void publish(PublishedHead head) {
    published = Optional.of(new LoggedHead(head, logSignature(head.head())));
  }

  void refuse(Effect.Refuse refuse) {
    around.answer(
        replica.index(),
        refuse.client(),
        new ClientMessage.Refusal(
            refuse.bundle(), refuse.why(), refuse.detail(), refuse.retryMillis()));
  }

  void again(PublicKey client, Digest bundle) {
    Answered answered = answers.get(bundle);
    if (answered != null && answered.bundle.client().equals(client)) {
      replica.later(dice.around(READ_MICROS), () -> reply(answered));
    }
  }

  private Tip tip() {
    return new Tip(cluster.setting().membership().epoch(), point.seq, point.timeMicros);
  }

  /** A session with a client opens. */
  void greet(PublicKey client) {
    around.answer(replica.index(), client, new ClientMessage.Greeting(tip()));
  }

  /** A client says something on its session. */
  void ask(PublicKey client, Ask ask) {
    switch (ask) {
      case ClientMessage.Submit(var bundle) -> submit(bundle);
      case ClientMessage.AskFull(var bundle) -> {
        Answered answered = answers.get(bundle);
        if (answered != null && answered.bundle.client().equals(client)) {
          replica.later(
              dice.around(READ_MICROS),
              () -> around.answer(replica.index(), client, reply(answered, true)));
        }
      }
      case ClientMessage.AskOutcome _,
          ClientMessage.AskHead _,
          ClientMessage.AskRead _,
          ClientMessage.AskStanding _ ->
          replica.later(
              dice.around(READ_MICROS),
              () -> read(ask).ifPresent(a -> around.answer(replica.index(), client, a)));
    }
  }

  private void submit(Bundle bundle) {
    if (!cluster.real()) {
      replica.step(new Event.Submitted(Simulated.trusted(bundle)));
    } else if (cluster.verifier().bundle(bundle) instanceof Verdict.Passed<Bundle>(var passed)) {
      replica.step(new Event.Submitted(passed));
    }
  }

  private Optional<Answer> read(Ask ask) {
    return switch (ask) {
      case ClientMessage.AskOutcome(var query, var principal, var id, var deadline) ->
          Optional.of(
              new ClientMessage.OutcomeAnswer(
                  query,
                  tip(),
                  point.ledger.outcome(point, new Ledger.Key(principal, id), deadline)));
      case ClientMessage.AskHead(var query) ->
          Optional.of(new ClientMessage.HeadAnswer(query, tip(), published));
      case ClientMessage.AskRead _,
          ClientMessage.AskStanding _,
          ClientMessage.Submit _,
          ClientMessage.AskFull _ ->
          Optional.empty();
    };
  }
}

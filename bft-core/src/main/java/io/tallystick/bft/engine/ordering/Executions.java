package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Event;
import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.checkpoint.Checkpoints;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands decided batches to the application, in sequence order, a bounded number ahead of its
 * answers; computes ledger time and which batches end in a checkpoint or a published head.
 */
public final class Executions {
  /** Most batches handed to the application and not answered. */
  public static final int UNANSWERED_MAX = 16;

  private static final long SWEEP_MICROS = 1_000_000;

  private record Pending(long seq, Batch batch, boolean checkpoint, boolean published) {}

  private final Turn turn;
  private final Window window;
  private final Bodies bodies;
  private final BundlePool pool;
  private final DecidedBatches decided;
  private final RecentBundles recent = new RecentBundles();
  private final ArrayDeque<Pending> unanswered = new ArrayDeque<>();
  private long executed;
  private long handed;
  private long lastCheckpoint;
  private long ledgerTimeMicros;
  private long sweptMicros;
  private TreeHead head = new TreeHead(0, Digest.ZERO);

  /** Nothing is executed yet. */
  public Executions(
      Turn turn, Window window, Bodies bodies, BundlePool pool, DecidedBatches decided) {
    this.turn = turn;
    this.window = window;
    this.bodies = bodies;
    this.pool = pool;
    this.decided = decided;
  }

  /** After the replay: where the application stands. */
  public void started(Event.ApplicationState application, boolean marked) {
    executed = application.seq();
    handed = application.seq();
    ledgerTimeMicros = application.ledgerTimeMicros();
    head = application.head();
    lastCheckpoint = marked ? application.seq() : 0;
  }

  /** Last sequence number that the application executed. */
  public long executed() {
    return executed;
  }

  /** Last sequence number that was handed to the application. */
  public long handed() {
    return handed;
  }

  /** Ledger time after the last batch that was handed over. */
  public long ledgerTimeMicros() {
    return ledgerTimeMicros;
  }

  /** The tree head after the last batch executed. */
  public TreeHead head() {
    return head;
  }

  /** What was executed lately. */
  public RecentBundles recent() {
    return recent;
  }

  /** Hands over what is decided and next, as far as it may run ahead. */
  public void advance(Checkpoints checkpoints) {
    while (turn.voting()
        && handed - executed < UNANSWERED_MAX // R6.13: execution runs ahead by a bounded number
        && (lastCheckpoint == 0 || checkpoints.recorded(lastCheckpoint))) { // R7.7
      long seq = handed + 1;
      SlotState slot = window.find(seq);
      CommitCertificate certificate = slot == null ? null : slot.committed();
      if (slot != null && certificate != null && slot.complete()) {
        Invariant.check(
            Property.CERTIFIED_ONLY,
            certificate.batch().equals(slot.batch()),
            "the bodies are those of the decided batch",
            seq);
        execute(seq, certificate, slot.bundles(), said(slot, certificate));
      } else {
        CommittedBatch batch = decided.take(seq);
        if (batch == null) {
          return;
        }
        execute(seq, batch.certificate(), batch.bundles(), null);
      }
    }
  }

  private static @Nullable Digest said(SlotState slot, CommitCertificate certificate) {
    Attempt attempt = slot.attempt();
    // A commit of an earlier view than the certificate's contradicts nothing: that view failed.
    return attempt.view() >= certificate.view() ? attempt.said(VotePhase.COMMIT) : null;
  }

  private void execute(
      long seq, CommitCertificate certificate, List<Bundle> bundles, @Nullable Digest said) {
    Invariant.check(
        Property.EXECUTE_ONCE,
        seq == handed + 1 && certificate.seq() == seq,
        "batches are executed in sequence order, each once",
        seq);
    Invariant.check(
        Property.CERTIFIED_ONLY,
        certificate.commits().size() >= turn.membership().quorum(),
        "commits of a quorum",
        certificate.commits().size());
    Batch batch = certificate.batch();
    if (said != null && !said.equals(batch.digest())) {
      // R6.14: a certificate against our own commit means more than f faulty replicas
      turn.quarantine("decided at " + seq + " is not what a quorum prepared");
      return;
    }
    Parameters parameters = turn.parameters();
    long before = ledgerTimeMicros;
    if (!batch.isNull()) {
      // R6.12: ledger time is computed at execution
      ledgerTimeMicros = Math.max(before + 1, batch.timestampMicros());
    }
    boolean checkpoint =
        seq % parameters.checkpointInterval() == 0
            || entered(before, parameters.checkpointSeconds() * 1_000_000L);
    boolean published =
        checkpoint
            || seq % parameters.headInterval() == 0
            || entered(before, parameters.headMillis() * 1_000L);
    handed = seq;
    lastCheckpoint = checkpoint ? seq : lastCheckpoint;
    unanswered.addLast(new Pending(seq, batch, checkpoint, published));
    turn.emit(
        new Effect.Execute(
            new Effect.Execution(
                seq, ledgerTimeMicros, certificate, bundles, checkpoint, published)));
  }

  private boolean entered(long before, long spanMicros) {
    return Math.floorDiv(before, spanMicros) != Math.floorDiv(ledgerTimeMicros, spanMicros);
  }

  /** The application answered; returns whether the batch's head is a published one. */
  public boolean answered(Event.Executed answer, Checkpoints checkpoints) {
    Pending pending = unanswered.pollFirst();
    Invariant.check(
        Property.EXECUTE_ONCE,
        pending != null && pending.seq() == answer.seq(),
        "the application answers in order",
        answer.seq());
    Invariant.check(
        Property.LEDGER_PREFIX,
        answer.head().size() >= head.size(),
        "the tree never shrinks",
        answer.head().size());
    if (pending == null) {
      return false;
    }
    executed = answer.seq();
    head = answer.head();
    SlotState slot = window.find(executed);
    if (slot != null) {
      bodies.releaseAll(slot);
      slot.markExecuted();
    }
    for (Digest bundle : pending.batch().bundles()) {
      pool.executed(bundle);
      recent.add(bundle, executed);
    }
    if (ledgerTimeMicros - sweptMicros >= SWEEP_MICROS) {
      sweptMicros = ledgerTimeMicros;
      pool.sweep(ledgerTimeMicros);
    }
    if (pending.checkpoint()) {
      checkpoints.executed(executed, head, answer.stateDigest().orElse(Digest.ZERO));
    }
    return pending.published() && executed >= checkpoints.stableSeq();
  }
}

package io.tallystick.tests.sim;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.StatementWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The audit ledger's state machine, in memory, for all replicas of a run together: the rules of
 * design 12 over the product's own envelopes, outcome records, trees and state digest. What two
 * replicas execute alike is computed once; one that executes something else gets a branch of its
 * own. Where a replica stands is a {@link Point}, so that a crash goes back to one.
 *
 * <p>That it does what {@code LedgerStateMachine} does is checked by replaying a run's history
 * through that one, head by head. For one thread.
 */
public final class History {
  private static final int FEATURE_LEVEL = 1;

  /** How a ledger stands after a batch. */
  public static final class Point {
    final long seq;
    final long timeMicros;
    final TreeHead head;
    final List<List<Outcome>> outcomes;
    final Ledger ledger;
    private final long records;
    private final long firstKept;
    private final List<Next> nexts = new ArrayList<>(1);
    private @Nullable Digest stateDigest;
    private byte @Nullable [] cosigned;

    private Point(Ledger ledger, long seq, long timeMicros, List<List<Outcome>> outcomes) {
      this.ledger = ledger;
      this.seq = seq;
      this.timeMicros = timeMicros;
      this.outcomes = outcomes;
      this.head = ledger.head();
      this.records = ledger.records();
      this.firstKept = ledger.firstKept(timeMicros);
    }

    /** Digest of all state but the tree. */
    Digest stateDigest() {
      Digest known = stateDigest;
      if (known == null) {
        known =
            StatementWriter.context("state")
                .u64(timeMicros)
                .u16(FEATURE_LEVEL)
                .u64(firstKept)
                .u64(records)
                .digest(ledger.recordsRoot(records))
                .hash();
        stateDigest = known;
      }
      return known;
    }

    /** What a replica cosigns of this head. */
    byte[] cosigned(Genesis genesis) {
      byte[] known = cosigned;
      if (known == null) {
        known = Heads.layout(genesis, head, timeMicros);
        cosigned = known;
      }
      return known;
    }
  }

  private record Next(Batch batch, long timeMicros, Point point) {}

  private final Genesis genesis;
  private final Point root;

  /** A ledger with genesis as its entry 0. */
  public History(Genesis genesis) {
    this.genesis = genesis;
    this.root = new Point(new Ledger(genesis), 0, genesis.timeMicros(), List.of());
  }

  /** Where every replica begins. */
  Point root() {
    return root;
  }

  /** Where the ledger stands when a batch is executed after {@code before}. */
  Point execute(Point before, Batch batch, long timeMicros, List<Bundle> bundles) {
    for (Next next : before.nexts) {
      if (next.timeMicros == timeMicros && next.batch.equals(batch)) {
        return next.point;
      }
    }
    if (timeMicros < before.timeMicros) {
      throw new IllegalStateException(
          "ledger time: " + timeMicros + " (expected: >= " + before.timeMicros + ")");
    }
    boolean atTheTip = before.ledger.lastSeq() == before.seq;
    Ledger ledger = atTheTip ? before.ledger : branch(before);
    List<List<Outcome>> outcomes = ledger.execute(before.seq + 1, timeMicros, bundles);
    Point after = new Point(ledger, before.seq + 1, timeMicros, outcomes);
    ledger.remember(after, bundles);
    before.nexts.add(new Next(batch, timeMicros, after));
    return after;
  }

  private Ledger branch(Point at) {
    Ledger fresh = new Ledger(genesis);
    for (Ledger.Done done : at.ledger.log()) {
      if (done.after().seq <= at.seq) {
        fresh.execute(done.after().seq, done.after().timeMicros, done.bundles());
        fresh.remember(done.after(), done.bundles());
      }
    }
    return fresh;
  }
}

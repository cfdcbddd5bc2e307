package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives slots back what the journal held of them: what this replica said stays said.
 *
 * <p>A proposal in the journal is one that was received; unless a vote of ours followed, it is
 * examined as if it had just come, and written down anew.
 */
public final class SlotRestore {
  private final Turn turn;
  private final Views views;
  private final Window window;
  private final LinkedHashMap<Digest, Bundle> bundles = new LinkedHashMap<>();
  private final TreeMap<Long, Set<Digest>> written = new TreeMap<>();

  /** Over a window whose watermarks are set. */
  public SlotRestore(Turn turn, Views views, Window window) {
    this.turn = turn;
    this.views = views;
    this.window = window;
  }

  /** A body of a slot. */
  public void restore(JournalRecord.Body body, long position) {
    if (window.retains(body.seq())) {
      bundles.put(body.bundle().digest(), body.bundle());
      written.computeIfAbsent(body.seq(), _ -> new LinkedHashSet<>()).add(body.bundle().digest());
      window.slot(body.seq()).touched(position);
    }
  }

  /** A proposal that was received, or made. */
  public void restore(PrePrepare proposal, long position) {
    restore(proposal, position, false);
  }

  /** A new-view that was accepted, or made. */
  public void restore(NewViewMessage newView, long position) {
    for (PrePrepare proposal : newView.prePrepares()) {
      restore(proposal, position, true);
    }
  }

  private void restore(PrePrepare proposal, long position, boolean again) {
    Vote vote = proposal.vote().statement();
    if (vote.epoch() != views.epoch() || vote.view() != views.view()) {
      return;
    }
    boolean ours = vote.replica().equals(turn.self());
    for (int i = 0; i < vote.slots().size(); i++) {
      SlotDigest word = vote.slots().get(i);
      if (!window.retains(word.seq())) {
        continue;
      }
      SlotState slot = window.slot(word.seq());
      Attempt attempt = slot.attempt();
      Batch batch = proposal.batches().get(i);
      if (!spokeOtherwise(attempt, word.batch())) {
        if (again) {
          attempt.repropose(proposal, batch, word.batch(), position);
        } else {
          attempt.propose(proposal, batch, word.batch());
        }
      }
      slot.touched(position);
      if (ours) {
        attempt.say(VotePhase.PRE_PREPARE, word.seq(), word.batch()); // R10.2
        attempt.written(position);
      }
    }
  }

  /** Whether we spoke already, for what stands there or for something else. */
  private static boolean spokeOtherwise(Attempt attempt, Digest word) {
    boolean spoken =
        attempt.said(VotePhase.PREPARE) != null || attempt.said(VotePhase.PRE_PREPARE) != null;
    return spoken && (attempt.proposal() != null || !attempt.hasSaid(VotePhase.PREPARE, word));
  }

  /** A prepare or commit of our own. */
  public void restore(Signed<Vote> vote, long position) {
    Vote statement = vote.statement();
    if (statement.epoch() != views.epoch() || statement.view() != views.view()) {
      return;
    }
    for (SlotDigest word : statement.slots()) {
      if (!window.retains(word.seq())) {
        continue;
      }
      SlotState slot = window.slot(word.seq());
      Attempt attempt = slot.attempt();
      attempt.say(statement.phase(), word.seq(), word.batch()); // R10.2: said once, said for ever
      attempt.own(vote, position);
      attempt.votes(statement.phase()).add(turn.selfIndex(), vote, word.batch());
      if (attempt.proposes(word.batch())) {
        attempt.written(position);
      }
      slot.touched(position);
    }
  }

  /** A prepared certificate. */
  public void restore(PreparedCertificate certificate, long position) {
    if (!window.retains(certificate.seq())) {
      return;
    }
    SlotState slot = window.slot(certificate.seq());
    slot.prepared(certificate);
    slot.touched(position);
    Vote first = certificate.prePrepare().statement();
    if (first.epoch() != views.epoch() || first.view() != views.view()) {
      return; // R8.2: it outlives its view, its votes don't
    }
    Digest digest = certificate.batch().digest();
    for (Signed<Vote> prepare : certificate.prepares()) {
      int member = turn.membership().indexOf(prepare.replica());
      slot.attempt().prepares().add(member, prepare, digest);
    }
  }

  /** A commit certificate. */
  public void restore(CommitCertificate certificate, long position) {
    if (window.retains(certificate.seq())) {
      SlotState slot = window.slot(certificate.seq());
      slot.committed(certificate);
      slot.touched(position);
    }
  }

  /**
   * After the last record: slots that the application executed give their bodies up, the others
   * take theirs. Returns the highest sequence number at which this replica proposed.
   */
  long finish(Executions executions, Bodies bodies) {
    long proposed = 0;
    for (long seq = Math.max(1, window.lowestRetained()); seq <= window.known(); seq++) {
      SlotState slot = window.find(seq);
      if (slot == null) {
        continue;
      }
      if (slot.attempt().said(VotePhase.PRE_PREPARE) != null) {
        proposed = seq;
      }
      noteWritten(slot);
      Batch batch = batch(slot);
      if (batch == null) {
        continue;
      }
      if (seq <= executions.executed()) {
        remember(slot, executions);
        slot.markExecuted();
      } else {
        bodies.claim(slot, batch, bundles);
        PreparedCertificate prepared = slot.prepared();
        if (prepared != null) {
          bodies.keep(slot, prepared.batch(), bundles);
        }
      }
    }
    bundles.clear();
    written.clear();
    return proposed;
  }

  private static void remember(SlotState slot, Executions executions) {
    CommitCertificate committed = slot.committed();
    Batch executed = committed == null ? slot.attempt().batch() : committed.batch();
    if (executed != null) {
      for (Digest bundle : executed.bundles()) {
        executions.recent().add(bundle, slot.seq());
      }
    }
  }

  private void noteWritten(SlotState slot) {
    Batch batch = batch(slot);
    Set<Digest> held = written.getOrDefault(slot.seq(), Collections.emptySet());
    if (batch != null && held.containsAll(batch.bundles())) {
      slot.written(batch.digest());
    }
  }

  /** What is decided, else what is proposed, else what may be proposed again in a later view. */
  private static @Nullable Batch batch(SlotState slot) {
    CommitCertificate committed = slot.committed();
    PreparedCertificate prepared = slot.prepared();
    if (committed != null) {
      return committed.batch();
    }
    Batch proposed = slot.attempt().batch();
    return proposed != null || prepared == null ? proposed : prepared.batch();
  }
}

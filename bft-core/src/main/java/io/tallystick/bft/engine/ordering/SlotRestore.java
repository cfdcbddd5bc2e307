package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.LinkedHashMap;
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
      window.slot(body.seq()).touched(position);
    }
  }

  /** A proposal that was received, or made. */
  public void restore(PrePrepare proposal, long position) {
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
      boolean spoken =
          attempt.said(VotePhase.PREPARE) != null || attempt.said(VotePhase.PRE_PREPARE) != null;
      if (!spoken) {
        attempt.propose(proposal, proposal.batches().get(i), word.batch());
      }
      slot.touched(position);
      if (ours) {
        attempt.say(VotePhase.PRE_PREPARE, word.seq(), word.batch()); // R10.2
        attempt.written(position);
      }
    }
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
      return;
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
      Batch batch = batch(slot);
      if (batch == null) {
        continue;
      }
      if (seq <= executions.executed()) {
        for (Digest bundle : batch.bundles()) {
          executions.recent().add(bundle, seq);
        }
        slot.markExecuted();
      } else {
        bodies.claim(slot, batch, bundles);
      }
    }
    bundles.clear();
    return proposed;
  }

  private static @Nullable Batch batch(SlotState slot) {
    CommitCertificate committed = slot.committed();
    return committed == null ? slot.attempt().batch() : committed.batch();
  }
}

package io.tallystick.bft.engine.checkpoint;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.ordering.Window;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.CheckpointVote;
import io.tallystick.bft.message.PeerMessage.StableProof;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints: our own, everybody's, and the last that a quorum agrees on.
 *
 * <p>Our own is signed and written down as soon as the batch is executed, and nothing later is
 * executed until that record is durable; it leaves once the application is synced to there. So a
 * crash can't leave a replica past a checkpoint that it could never vote on again.
 */
public final class Checkpoints {

  private static final class Own {
    final Checkpoint statement;
    @Nullable Signed<Checkpoint> signed;
    long position;
    boolean asked;
    boolean sent;

    Own(Checkpoint statement) {
      this.statement = statement;
    }
  }

  private final Turn turn;
  private final Views views;
  private final Window window;
  private final CheckpointVotes votes;
  private final JournalCuts cuts;
  private final TreeMap<Long, Own> own = new TreeMap<>();
  private @Nullable StableCheckpoint stable;
  private long stablePosition;
  private long synced;
  private int accused;

  /** Nothing is stable yet: sequence number 0 is. */
  public Checkpoints(Turn turn, Views views, Window window) {
    this.turn = turn;
    this.views = views;
    this.window = window;
    this.votes = new CheckpointVotes(turn.membership().n());
    this.cuts = new JournalCuts(turn);
  }

  /** The last stable checkpoint's sequence number; 0 before the first. */
  public long stableSeq() {
    return stable == null ? 0 : stable.seq();
  }

  /** The quorum's proof of the last stable checkpoint; empty before the first. */
  public List<StableCheckpoint> proof() {
    StableCheckpoint last = stable;
    return last == null ? List.of() : List.of(last);
  }

  /** A record that the journal held. */
  public void restore(StableCheckpoint checkpoint, long position) {
    if (checkpoint.seq() > stableSeq()) {
      stable = checkpoint;
      stablePosition = position;
    }
  }

  /** A record that the journal held. */
  public void restore(Signed<Checkpoint> checkpoint, long position) {
    Own restored = new Own(checkpoint.statement());
    restored.signed = checkpoint;
    restored.position = position;
    own.put(checkpoint.statement().seq(), restored);
  }

  /**
   * After the replay: the application stands, durably, at {@code seq}.
   *
   * @param marked whether a checkpoint belongs after {@code seq}
   */
  public void started(long seq, boolean marked, TreeHead head, Digest stateDigest) {
    synced = seq;
    StableCheckpoint last = stable;
    if (last != null) {
      Own atStable = own.get(last.seq());
      if (atStable != null
          && !atStable.statement.agreesWith(last.checkpoints().getFirst().statement())) {
        turn.quarantine("our checkpoint at " + last.seq() + " differs from a quorum's");
      }
      own.headMap(last.seq(), true).clear();
    }
    if (marked && seq > stableSeq() && !own.containsKey(seq)) {
      take(new Checkpoint(turn.self(), views.epoch(), seq, head, stateDigest));
    }
    announce();
  }

  /** The application executed a batch that is marked as a checkpoint. */
  public void executed(long seq, TreeHead head, Digest stateDigest) {
    Checkpoint value = new Checkpoint(turn.self(), views.epoch(), seq, head, stateDigest);
    // R7.1: a checkpoint leaves once the application is synced to it
    turn.emit(new Effect.SyncApplication(seq));
    StableCheckpoint last = stable;
    if (last != null && seq <= last.seq()) {
      if (seq == last.seq() && !value.agreesWith(last.checkpoints().getFirst().statement())) {
        turn.quarantine("state after " + seq + " differs from a quorum's checkpoint");
      }
      return;
    }
    Own before = own.get(seq);
    if (before == null) {
      take(value);
    } else if (!before.statement.agreesWith(value)) {
      turn.quarantine("executed again, the state after " + seq + " differs from what we signed");
    }
    judge(seq);
  }

  private void take(Checkpoint value) {
    own.put(value.seq(), new Own(value));
    resume();
  }

  /** The replica may sign again: what couldn't be signed meanwhile is. */
  public void resume() {
    for (Own mine : own.values()) {
      if (turn.voting() && mine.signed == null && !mine.asked) {
        mine.asked = true;
        turn.sign(mine.statement);
      }
    }
  }

  /** Our own checkpoint comes back signed. */
  public void signed(Signed<Checkpoint> checkpoint) {
    Own mine = own.get(checkpoint.statement().seq());
    if (mine == null || mine.signed != null || turn.quarantined()) {
      return; // a quorum's became stable meanwhile
    }
    Invariant.check(
        Property.SAID_STAYS_SAID,
        mine.statement.equals(checkpoint.statement()),
        "what comes back signed is what was to be signed",
        checkpoint.statement().seq());
    mine.signed = checkpoint;
    mine.position = turn.persist(new JournalRecord.OwnCheckpoint(checkpoint));
    announce();
  }

  /** The application and the archive are durable up to {@code seq}. */
  public void synced(long seq) {
    synced = Math.max(synced, seq);
    announce();
    cuts.synced(synced);
  }

  /** Whether our own checkpoint at {@code seq} is written down for good, or needed no more. */
  public boolean recorded(long seq) {
    Own mine = own.get(seq);
    return seq <= stableSeq()
        || mine != null && mine.position > 0 && mine.position <= turn.durable();
  }

  private void announce() {
    if (turn.quarantined() || !turn.running()) {
      return;
    }
    for (Own mine : new ArrayList<>(own.headMap(synced, true).values())) {
      Signed<Checkpoint> checkpoint = mine.signed;
      if (checkpoint != null && !mine.sent) {
        mine.sent = true;
        turn.multicastAfter(mine.position, new CheckpointVote(checkpoint)); // R7.1
        votes.add(turn.selfIndex(), checkpoint);
        judge(checkpoint.statement().seq());
      }
    }
  }

  /** A peer's checkpoint; the signer counts, not who passed it on. */
  public void receive(ReplicaId from, Signed<Checkpoint> checkpoint) {
    Checkpoint value = checkpoint.statement();
    int member = turn.membership().indexOf(value.replica());
    if (value.epoch() != views.epoch() || member < 0) {
      turn.reject(from, RejectReason.WRONG_EPOCH);
      return;
    }
    if (value.seq() <= stableSeq() || member == turn.selfIndex()) {
      turn.reject(from, RejectReason.DUPLICATE);
      return;
    }
    if (votes.held(member, value.seq())) {
      Signed<Checkpoint> contradicted = votes.add(member, checkpoint);
      if (contradicted != null && (accused >> member & 1) == 0) {
        accused |= 1 << member;
        turn.accuse(value.replica(), new Evidence.Checkpoints(contradicted, checkpoint)); // R6.8
      }
      turn.reject(from, contradicted == null ? RejectReason.DUPLICATE : RejectReason.EQUIVOCATION);
      return;
    }
    votes.add(member, checkpoint);
    judge(value.seq());
  }

  /** A quorum's checkpoint, whose signatures the boundary has checked. */
  public void receive(ReplicaId from, StableCheckpoint proof) {
    if (proof.epoch() != views.epoch()) {
      turn.reject(from, RejectReason.WRONG_EPOCH);
    } else if (proof.seq() <= stableSeq()) {
      turn.reject(from, RejectReason.DUPLICATE);
    } else {
      adopt(proof);
    }
  }

  private void judge(long seq) {
    if (seq <= stableSeq()) {
      return;
    }
    Own mine = own.get(seq);
    List<Signed<Checkpoint>> all = votes.at(seq);
    List<Signed<Checkpoint>> supported = null;
    int differing = 0;
    for (Signed<Checkpoint> vote : all) {
      List<Signed<Checkpoint>> agreeing = votes.agreeing(seq, vote.statement());
      if (agreeing.size() >= turn.membership().quorum()) {
        adopt(new StableCheckpoint(agreeing.subList(0, turn.membership().quorum()))); // R7.2
        return;
      }
      if (mine != null && !mine.statement.agreesWith(vote.statement())) {
        differing++;
      }
      if (agreeing.size() > turn.membership().f()) {
        if (supported != null && !supported.getFirst().statement().agreesWith(vote.statement())) {
          turn.quarantine("two checkpoints at " + seq + ", each of more than f replicas"); // R7.5
        }
        supported = agreeing;
      }
    }
    if (differing > turn.membership().f()) {
      turn.quarantine("our checkpoint at " + seq + " differs from more than f others'"); // R7.5
    }
  }

  private void adopt(StableCheckpoint proof) {
    Checkpoint value = proof.checkpoints().getFirst().statement();
    Invariant.check(
        Property.CERTIFIED_ONLY,
        proof.checkpoints().size() >= turn.membership().quorum() && value.seq() > stableSeq(),
        "a newer checkpoint with a quorum",
        value.seq());
    Own mine = own.get(value.seq());
    stable = proof;
    stablePosition = turn.persist(new JournalRecord.Stable(proof));
    long viewPosition = views.record();
    if (mine != null && !mine.statement.agreesWith(value)) {
      turn.quarantine("our checkpoint at " + value.seq() + " differs from a quorum's"); // R7.5
      return;
    }
    own.headMap(value.seq(), true).clear();
    votes.forget(value.seq());
    long below = window.firstPosition(value.seq(), stablePosition);
    for (Own later : own.values()) {
      below = later.position > 0 ? Math.min(below, later.position) : below;
    }
    cuts.add(value.seq(), below, viewPosition);
    cuts.synced(synced);
  }

  /**
   * Tells a peer what it lacks: the proof of a newer stable checkpoint, or our own checkpoints that
   * aren't stable yet.
   */
  public void answer(ReplicaId peer, long peerStable) {
    StableCheckpoint last = stable;
    if (last != null && last.seq() > peerStable && stablePosition <= turn.durable()) {
      turn.sendAfter(stablePosition, peer, new StableProof(last)); // R7.6
    }
    if (turn.quarantined()) {
      return;
    }
    for (Own mine : own.tailMap(peerStable, false).values()) {
      Signed<Checkpoint> checkpoint = mine.signed;
      if (checkpoint != null && mine.sent && mine.position <= turn.durable()) {
        turn.sendAfter(mine.position, peer, new CheckpointVote(checkpoint)); // R7.6
      }
    }
  }

  /** Whether there is anything to tell a peer whose stable checkpoint is that. */
  public boolean hasAnswer(long peerStable) {
    return stableSeq() > peerStable || !own.tailMap(peerStable, false).isEmpty();
  }
}

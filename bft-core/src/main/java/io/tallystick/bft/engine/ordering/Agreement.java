package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import org.jspecify.annotations.Nullable;

/**
 * The three phases of every slot within the watermarks: proposals and votes come in, a slot is
 * examined, and moves on as far as what is known of it allows.
 */
public final class Agreement {
  private static final long CLOCK_TICKS_MAX = 1_000;

  private final Turn turn;
  private final Views views;
  private final Window window;
  private final Bodies bodies;
  private final Voice voice;
  private final PrimaryWatch watch;
  private long clockTicks = Long.MAX_VALUE;

  /** Over one replica's window. */
  Agreement(Turn turn, Views views, Window window, Bodies bodies, Mouth mouth) {
    this.turn = turn;
    this.views = views;
    this.window = window;
    this.bodies = bodies;
    this.voice = mouth.voice();
    this.watch = mouth.watch();
  }

  /** What speaks for this replica, and what watches the primary speak. */
  record Mouth(Voice voice, PrimaryWatch watch) {}

  /** A proposal, from the primary or passed on by anybody. */
  public void receive(ReplicaId from, PrePrepare message) {
    RejectReason why = ProposalRules.refuse(views, turn.parameters(), message);
    if (why != null) {
      turn.reject(from, why);
      return;
    }
    RejectReason worst = RejectReason.OUTSIDE_WATERMARKS;
    boolean taken = false;
    for (int i = 0; i < message.batches().size(); i++) {
      SlotDigest word = message.vote().statement().slots().get(i);
      if (!window.within(word.seq())) {
        continue; // R6.3
      }
      RejectReason slotWhy = propose(from, message, word, message.batches().get(i));
      taken |= slotWhy == null;
      worst = slotWhy == null ? worst : slotWhy;
    }
    if (!taken) {
      turn.reject(from, worst);
    }
  }

  private @Nullable RejectReason propose(
      ReplicaId from, PrePrepare message, SlotDigest word, Batch batch) {
    SlotState slot = window.slot(word.seq());
    Attempt attempt = slot.attempt();
    PrePrepare first = attempt.proposal();
    // R6.2: the first proposal for a slot stays; a different one is evidence
    if (first != null) {
      if (attempt.proposes(word.batch())) {
        return RejectReason.DUPLICATE;
      }
      if (attempt.accusePrimary()) {
        turn.accuse(
            views.primary(), new Evidence.Votes(word.seq(), first.vote(), message.vote())); // R6.8
      }
      return RejectReason.EQUIVOCATION;
    }
    if (views.isPrimary()) {
      turn.quarantine("our own signature on a proposal for " + word.seq() + " that we never made");
      return RejectReason.EQUIVOCATION;
    }
    if (slot.committed() != null) {
      return RejectReason.DUPLICATE;
    }
    attempt.propose(message, batch, word.batch());
    if (from.equals(views.primary()) && word.seq() == window.known()) {
      watch.stamped(batch.timestampMicros());
    }
    bodies.claim(slot, batch);
    examine(slot);
    return null;
  }

  /** A prepare or a commit; the signer counts, not who passed it on. */
  public void receive(ReplicaId from, Signed<Vote> vote) {
    Vote statement = vote.statement();
    int member = turn.membership().indexOf(statement.replica());
    RejectReason why = refuse(statement, member);
    if (why != null) {
      turn.reject(from, why);
      return;
    }
    RejectReason worst = RejectReason.OUTSIDE_WATERMARKS;
    boolean taken = false;
    for (SlotDigest word : statement.slots()) {
      if (!window.retains(word.seq())) {
        continue; // R6.3: slots outside the window are skipped, one by one
      }
      RejectReason slotWhy = count(member, vote, word);
      taken |= slotWhy == null;
      worst = slotWhy == null ? worst : slotWhy;
    }
    if (!taken) {
      turn.reject(from, worst);
    }
  }

  private @Nullable RejectReason refuse(Vote vote, int member) {
    if (vote.epoch() != views.epoch()) {
      return RejectReason.WRONG_EPOCH;
    }
    if (vote.view() != views.view()) {
      return RejectReason.WRONG_VIEW; // R4.3: a vote counts for its epoch, view and slot alone
    }
    // R4.4: the primary's pre-prepare is its prepare: a prepare of its own counts for nothing
    if (member < 0
        || vote.phase() == VotePhase.PRE_PREPARE
        || vote.phase() == VotePhase.PREPARE && member == views.primaryIndex()) {
      return RejectReason.UNEXPECTED;
    }
    return null;
  }

  private @Nullable RejectReason count(int member, Signed<Vote> vote, SlotDigest word) {
    SlotState slot = window.slot(word.seq());
    VotePhase phase = vote.statement().phase();
    if (member == turn.selfIndex()) {
      if (window.within(word.seq()) && !slot.attempt().hasSaid(phase, word.batch())) {
        turn.quarantine("our own signature on a " + phase + " for " + word.seq() + " never said");
      }
      return RejectReason.DUPLICATE;
    }
    VoteSet votes = slot.attempt().votes(phase);
    switch (votes.add(member, vote, word.batch())) {
      case SAME -> {
        return RejectReason.DUPLICATE;
      }
      case CONTRADICTION -> {
        if (votes.accuse(member)) {
          Evidence evidence = new Evidence.Votes(word.seq(), votes.vote(member), vote);
          turn.accuse(vote.replica(), evidence); // R6.8
        }
        return RejectReason.EQUIVOCATION;
      }
      case FIRST -> examine(slot);
    }
    return null;
  }

  /** A prepare or commit of our own comes back signed. */
  public void signed(Signed<Vote> vote) {
    if (voice.signed(vote)) {
      examine(vote.statement());
    }
  }

  /** The journal got further. */
  public void durable() {
    for (Signed<Vote> commit : voice.durable()) {
      examine(commit.statement());
    }
  }

  private void examine(Vote vote) {
    for (SlotDigest word : vote.slots()) {
      SlotState slot = window.find(word.seq());
      if (slot != null) {
        examine(slot);
      }
    }
  }

  /**
   * Looks at every slot again: after a restart, when the disk has space, when the clock went on.
   */
  public void examineAll() {
    for (long seq = window.low() + 1; seq <= window.known(); seq++) {
      SlotState slot = window.find(seq);
      if (slot != null) {
        examine(slot);
      }
    }
  }

  /** Moves a slot on as far as what is known of it allows. */
  void examine(SlotState slot) {
    Attempt attempt = slot.attempt();
    Batch batch = attempt.batch();
    Digest digest = attempt.digest();
    boolean decided = slot.executed() || slot.committed() != null;
    // R8.10: what a new-view proposes again is voted on again, decided or not: others may need it
    if (batch == null || digest == null || decided && !attempt.reproposed()) {
      return;
    }
    if (turn.voting() && window.within(slot.seq()) && views.active()) {
      prepare(slot, batch, digest);
      commit(slot, batch, digest);
    }
    if (!decided) {
      decide(slot, batch, digest);
    }
  }

  private void prepare(SlotState slot, Batch batch, Digest digest) {
    Attempt attempt = slot.attempt();
    boolean spoken = views.isPrimary() ? attempt.writtenPosition() > 0 : said(attempt);
    if (spoken || attempt.unacceptable() || !slot.complete() && !slot.wrote(digest)) {
      return; // R6.5: every bundle is held before a prepare
    }
    if (slot.complete() && !ProposalRules.acceptable(turn.parameters(), slot.bundles())) {
      attempt.refuse(); // R6.4
      return;
    }
    attempt.held(!attempt.reproposed() && !timely(attempt, batch, digest));
    if (attempt.held()) {
      return;
    }
    // R6.6: a prepare vouches for the bodies and the proposal: they are written down first
    write(slot, digest);
    if (!attempt.reproposed() && follows(slot)) {
      watch.proposed(slot.bundles());
    }
    if (!views.isPrimary()) {
      voice.say(slot, VotePhase.PREPARE, digest);
    }
  }

  /** Whether every proposal before it is here too, so that what it leaves out is left out. */
  private boolean follows(SlotState slot) {
    for (long seq = slot.seq() - 1; seq > window.low(); seq--) {
      SlotState before = window.find(seq);
      if (before == null || before.committed() == null && before.attempt().proposal() == null) {
        return before != null && before.executed();
      }
      if (before.executed()) {
        return true;
      }
    }
    return true;
  }

  private static boolean said(Attempt attempt) {
    return attempt.said(VotePhase.PREPARE) != null;
  }

  private static boolean proposes(Attempt attempt, SlotState slot) {
    Batch batch = attempt.batch();
    return batch != null && batch.equals(slot.batch());
  }

  /** Writes down what a vote for the slot's proposal vouches for. */
  void write(SlotState slot, Digest digest) {
    Attempt attempt = slot.attempt();
    PrePrepare proposal = attempt.proposal();
    if (proposal == null) {
      return;
    }
    long last = attempt.newViewPosition();
    if (!slot.wrote(digest)) {
      Invariant.check(
          Property.DURABLE_BEFORE_VOTE,
          slot.complete() && proposes(attempt, slot),
          "the bodies written down are the proposal's",
          slot.seq());
      slot.touched(turn.nextPosition());
      for (var bundle : slot.bundles()) {
        last = turn.persist(new JournalRecord.Body(slot.seq(), bundle));
      }
      slot.written(digest);
    }
    if (!attempt.reproposed()) { // else the new-view's record holds it
      slot.touched(turn.nextPosition());
      last = turn.persist(new JournalRecord.Proposal(proposal));
    }
    attempt.written(last);
    if (slot.executed()) {
      bodies.release(slot);
    }
  }

  private boolean timely(Attempt attempt, Batch batch, Digest digest) {
    long aheadMicros =
        batch.timestampMicros() - turn.wallMicros() - turn.parameters().skewMillis() * 1_000L;
    int others =
        attempt.prepares().matching(digest) & ~(1 << turn.selfIndex() | 1 << views.primaryIndex());
    // R6.12: too far ahead waits for our clock, or for f+1 other backups
    if (aheadMicros <= 0 || Integer.bitCount(others) > turn.membership().f()) {
      return true;
    }
    long after = Math.min(CLOCK_TICKS_MAX, aheadMicros / 1_000 + 1);
    if (turn.ticks() + after < clockTicks) {
      clockTicks = turn.ticks() + after;
      turn.arm(TimerName.CLOCK, after);
    }
    return false;
  }

  /** The clock went on: proposals that were held back are looked at again. */
  public void clock() {
    clockTicks = Long.MAX_VALUE;
    examineAll();
  }

  private void commit(SlotState slot, Batch batch, Digest digest) {
    Attempt attempt = slot.attempt();
    PrePrepare proposal = attempt.proposal();
    int needed = turn.membership().quorum() - 1;
    // R6.7, R4.1: prepared is the pre-prepare and the prepares of q−1 others than the primary
    if (attempt.said(VotePhase.COMMIT) != null
        || proposal == null
        || attempt.writtenPosition() == 0
        || attempt.prepares().count(digest, views.primaryIndex()) < needed) {
      return;
    }
    PreparedCertificate certificate =
        new PreparedCertificate(
            slot.seq(),
            batch,
            proposal.vote(),
            attempt.prepares().collect(digest, views.primaryIndex(), needed));
    slot.prepared(certificate);
    if (slot.complete() && !slot.executed()) {
      bodies.keep(slot);
    }
    turn.persist(new JournalRecord.Prepared(certificate));
    voice.say(slot, VotePhase.COMMIT, digest);
  }

  private void decide(SlotState slot, Batch batch, Digest digest) {
    VoteSet commits = slot.attempt().commits();
    int quorum = turn.membership().quorum();
    if (commits.count(digest, -1) < quorum) {
      return; // R4.1, R6.7: q matching commits decide
    }
    CommitCertificate certificate =
        new CommitCertificate(
            views.epoch(), views.view(), slot.seq(), batch, commits.collect(digest, -1, quorum));
    Invariant.check(
        Property.CERTIFIED_ONLY,
        certificate.commits().size() == quorum,
        "commits of a quorum",
        certificate.commits().size());
    slot.committed(certificate);
    if (turn.recording()) {
      slot.touched(turn.persist(new JournalRecord.Committed(certificate)));
    }
  }
}

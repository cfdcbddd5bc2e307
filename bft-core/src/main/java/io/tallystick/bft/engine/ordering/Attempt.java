package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to order a sequence number, in one view: the primary's proposal, everybody's votes,
 * and what this replica said itself.
 *
 * <p>The proposal is the first one received, and never replaced while the replica runs; what was
 * said in a phase is one digest for ever.
 */
public final class Attempt {
  private final long view;
  private final VoteSet prepares;
  private final VoteSet commits;
  private @Nullable PrePrepare proposal;
  private @Nullable Batch batch;
  private @Nullable Digest digest;
  private boolean primaryAccused;
  private boolean unacceptable;
  private boolean held;
  private long writtenPosition;
  private long newViewPosition;

  private final EnumMap<VotePhase, Digest> said = new EnumMap<>(VotePhase.class);
  private @Nullable Signed<Vote> ownPrepare;
  private @Nullable Signed<Vote> ownCommit;
  private long preparePosition;
  private long commitPosition;

  Attempt(long view, int n) {
    this.view = view;
    this.prepares = new VoteSet(n);
    this.commits = new VoteSet(n);
  }

  /** The view it belongs to. */
  public long view() {
    return view;
  }

  /** The prepares, everybody's. */
  public VoteSet prepares() {
    return prepares;
  }

  /** The commits: others' as they come, our own once it is durable. */
  public VoteSet commits() {
    return commits;
  }

  /** The votes of a phase that isn't the proposal's. */
  VoteSet votes(VotePhase phase) {
    return phase == VotePhase.PREPARE ? prepares : commits;
  }

  /** The proposal as the primary signed it, if it is here. */
  public @Nullable PrePrepare proposal() {
    return proposal;
  }

  /** What is proposed, if that is known. */
  public @Nullable Batch batch() {
    return batch;
  }

  /** The proposed batch's digest, if that is known. */
  public @Nullable Digest digest() {
    return digest;
  }

  /** Whether that is the digest of the proposal that is here. */
  boolean proposes(Digest word) {
    return digest != null && digest.equals(word);
  }

  /** Whether this replica said that in a phase. */
  boolean hasSaid(VotePhase phase, Digest word) {
    Digest before = said.get(phase);
    return before != null && before.equals(word);
  }

  void propose(PrePrepare message, Batch proposed, Digest proposedDigest) {
    proposal = message;
    batch = proposed;
    digest = proposedDigest;
  }

  /** Whether this is the first accusation of the primary over this slot. */
  boolean accusePrimary() {
    boolean first = !primaryAccused;
    primaryAccused = true;
    return first;
  }

  /** Whether the bodies showed that the batch breaks a bound: it is never prepared. */
  boolean unacceptable() {
    return unacceptable;
  }

  void refuse() {
    unacceptable = true;
  }

  /** Whether the proposal waits for this replica's clock. */
  boolean held() {
    return held;
  }

  void held(boolean waiting) {
    held = waiting;
  }

  /** Position of the proposal's record, which comes after its bodies'; 0 when not written. */
  public long writtenPosition() {
    return writtenPosition;
  }

  void written(long position) {
    writtenPosition = position;
  }

  /** Whether the proposal follows from the view's new-view: the clock has no say in it. */
  public boolean reproposed() {
    return newViewPosition > 0;
  }

  /** Position of the new-view's record, which holds the proposal; 0 when it came by itself. */
  long newViewPosition() {
    return newViewPosition;
  }

  void repropose(PrePrepare message, Batch proposed, Digest proposedDigest, long position) {
    propose(message, proposed, proposedDigest);
    newViewPosition = position;
  }

  /** Position that a proposal of our own waits for; 0 before it is written down. */
  public long proposalPosition() {
    return Math.max(writtenPosition, newViewPosition);
  }

  /** What this replica said in a phase, if anything. */
  public @Nullable Digest said(VotePhase phase) {
    return said.get(phase);
  }

  /** Notes, before it is signed, what is about to be said; a contradiction stops the replica. */
  void say(VotePhase phase, long seq, Digest word) {
    Digest before = said.get(phase);
    // R6.9: one digest for one (phase, epoch, view, sequence number), for ever
    Invariant.check(
        Property.NO_EQUIVOCATION,
        before == null || before.equals(word),
        "one digest per phase and slot",
        seq);
    said.put(phase, word);
  }

  /** Our own prepare, once it is signed. */
  public @Nullable Signed<Vote> ownPrepare() {
    return ownPrepare;
  }

  /** Our own commit, once it is signed. */
  public @Nullable Signed<Vote> ownCommit() {
    return ownCommit;
  }

  /** Position of our prepare's record. */
  public long preparePosition() {
    return preparePosition;
  }

  /** Position of our commit's record. */
  public long commitPosition() {
    return commitPosition;
  }

  void own(Signed<Vote> vote, long position) {
    if (vote.statement().phase() == VotePhase.PREPARE) {
      ownPrepare = vote;
      preparePosition = position;
    } else {
      ownCommit = vote;
      commitPosition = position;
    }
  }
}

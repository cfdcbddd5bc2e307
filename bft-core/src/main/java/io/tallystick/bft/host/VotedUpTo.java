package io.tallystick.bft.host;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;

/**
 * The highest slot that a replica voted at, which handshakes announce: a peer that knows of a
 * higher one knows that a disk was lost, or restored.
 */
public record VotedUpTo(long epoch, long view, long seq) {
  /** Before the first vote. */
  public static final VotedUpTo NONE = new VotedUpTo(0, 0, 0);

  /** The higher of this and what the record vouches for. */
  VotedUpTo with(ReplicaId self, JournalRecord record) {
    return switch (record) {
      case JournalRecord.OwnVote(Signed<Vote> vote) -> with(vote.statement());
      case JournalRecord.Proposal(var prePrepare) when prePrepare.vote().replica().equals(self) ->
          with(prePrepare.vote().statement());
      case JournalRecord.OwnViewChange(var message) -> {
        ViewChange own = message.viewChange().statement();
        yield with(new VotedUpTo(own.epoch(), own.newView(), 0));
      }
      case JournalRecord.AcceptedNewView(var message)
          when message.newView().replica().equals(self) -> {
        NewView own = message.newView().statement();
        yield with(new VotedUpTo(own.epoch(), own.view(), own.stableSeq() + own.batches().size()));
      }
      default -> this;
    };
  }

  private VotedUpTo with(Vote vote) {
    return with(new VotedUpTo(vote.epoch(), vote.view(), vote.slots().getLast().seq()));
  }

  private VotedUpTo with(VotedUpTo other) {
    boolean higher =
        other.epoch != epoch
            ? other.epoch > epoch
            : other.view != view ? other.view > view : other.seq > seq;
    return higher ? other : this;
  }
}

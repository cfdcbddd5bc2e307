package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Property;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What correct replicas said and what they have on disk: nobody contradicts himself, and nothing
 * leaves before what it vouches for is durable ({@code no-equivocation}, {@code said-stays-said},
 * {@code durable-before-vote}).
 */
@SuppressWarnings("EnumOrdinal") // a number that is the same in every JVM of this build
final class Words {
  private static final int BODY = 1;
  private static final int PROPOSAL = 2;
  private static final int VOTE = 3;
  private static final int PREPARED = 4;
  private static final int CHECKPOINT = 5;
  private static final int VIEW_CHANGE = 6;
  private static final int NEW_VIEW = 7;
  private static final int HEAD = 8;

  private record Pending(long position, JournalRecord record) {}

  private final LongMap said = new LongMap();
  private final Map<Digest, List<Digest>> named = new HashMap<>();
  private final LongMap[] durable;
  private final ArrayDeque<Pending>[] pending;
  private final long[] leftView;

  @SuppressWarnings({"unchecked", "rawtypes"})
  Words(int n) {
    durable = new LongMap[n];
    pending = new ArrayDeque[n];
    leftView = new long[n];
    for (int i = 0; i < n; i++) {
      durable[i] = new LongMap();
      pending[i] = new ArrayDeque<>();
    }
  }

  void persists(int node, long position, JournalRecord record) {
    pending[node].addLast(new Pending(position, record));
  }

  void durable(int node, long upTo, Consumer<JournalRecord> note) {
    ArrayDeque<Pending> waiting = pending[node];
    while (!waiting.isEmpty() && waiting.getFirst().position() <= upTo) {
      JournalRecord record = waiting.removeFirst().record();
      enter(node, record);
      note.accept(record);
    }
  }

  void replays(int node, JournalRecord record) {
    enter(node, record);
  }

  void crashes(int node) {
    pending[node].clear();
  }

  private void enter(int node, JournalRecord record) {
    LongMap set = durable[node];
    switch (record) {
      case JournalRecord.Body(var _, var bundle) -> put(set, BODY, bundle.digest(), 0, 0);
      case JournalRecord.Proposal(var proposal) -> enter(set, proposal);
      case JournalRecord.OwnVote(var vote) -> {
        Vote said = vote.statement();
        for (SlotDigest slot : said.slots()) {
          put(set, VOTE + 16 * said.phase().ordinal(), slot.batch(), slot.seq(), said.view());
        }
      }
      case JournalRecord.Prepared(var c) ->
          put(set, PREPARED, c.batch().digest(), c.seq(), c.prePrepare().statement().view());
      case JournalRecord.OwnCheckpoint(var checkpoint) ->
          put(set, CHECKPOINT, Digest.ZERO, checkpoint.statement().seq(), 0);
      case JournalRecord.OwnViewChange(var message) ->
          put(set, VIEW_CHANGE, Digest.ZERO, message.viewChange().statement().newView(), 0);
      case JournalRecord.AcceptedNewView(var message) -> {
        put(set, NEW_VIEW, Digest.ZERO, message.newView().statement().view(), 0);
        message.prePrepares().forEach(proposal -> enter(set, proposal));
      }
      case JournalRecord.Committed _,
          JournalRecord.Stable _,
          JournalRecord.InView _,
          JournalRecord.Started _ -> {}
    }
  }

  private void enter(LongMap set, PrePrepare proposal) {
    Vote vote = proposal.vote().statement();
    proposal.batches().forEach(batch -> named.putIfAbsent(batch.digest(), batch.bundles()));
    for (SlotDigest slot : vote.slots()) {
      put(set, PROPOSAL, slot.batch(), slot.seq(), vote.view());
    }
  }

  private static void put(LongMap set, int kind, Digest what, long seq, long view) {
    set.putIfAbsent(Print.of(kind, what.prefix(), seq, view), 1);
  }

  private void require(int node, int kind, Digest what, long seq, long view) {
    if (!durable[node].contains(Print.of(kind, what.prefix(), seq, view))) {
      throw new Violation(
          Property.DURABLE_BEFORE_VOTE,
          "r" + node + " speaks of seq " + seq + " view " + view + " without kind " + kind);
    }
  }

  void leaves(int node, PeerMessage message, long syncedSeq) {
    switch (message) {
      case PrePrepare(var vote, var _) -> says(node, vote);
      case PeerMessage.Ballot(var vote) -> {
        if (says(node, vote)) {
          vouches(node, vote.statement());
        }
      }
      case PeerMessage.CheckpointVote(var checkpoint) ->
          says(node, checkpoint.statement(), syncedSeq);
      case PeerMessage.ViewChangeMessage(var viewChange, var _, var _) ->
          says(node, viewChange.statement());
      case PeerMessage.NewViewMessage(var newView, var _) -> says(node, newView.statement());
      default -> {}
    }
  }

  /** Whether this is new of a vote; relayed words of others are their own business. */
  private boolean says(int node, Signed<Vote> signed) {
    Vote vote = signed.statement();
    boolean fresh = false;
    for (SlotDigest slot : vote.slots()) {
      long key = Print.of(vote.replica().value(), vote.phase().ordinal(), vote.view(), slot.seq());
      long before = said.putIfAbsent(key, slot.batch().prefix() | 1);
      if (before == 0 && vote.view() < leftView[node] && isOwn(node, vote.replica().value())) {
        throw new Violation(
            Property.SAID_STAYS_SAID,
            "r" + node + " votes in view " + vote.view() + " after it left for " + leftView[node]);
      }
      if (before != 0
          && before != (slot.batch().prefix() | 1)
          && isOwn(node, vote.replica().value())) {
        throw new Violation(Property.NO_EQUIVOCATION, "r" + node + ": " + vote);
      }
      fresh |= before == 0;
    }
    return fresh && isOwn(node, vote.replica().value());
  }

  private static boolean isOwn(int node, int id) {
    return id == Setting.idOf(node);
  }

  private void vouches(int node, Vote vote) {
    for (SlotDigest slot : vote.slots()) {
      for (Digest bundle : named.getOrDefault(slot.batch(), List.of())) {
        require(node, BODY, bundle, 0, 0);
      }
      require(node, VOTE + 16 * vote.phase().ordinal(), slot.batch(), slot.seq(), vote.view());
      require(node, PROPOSAL, slot.batch(), slot.seq(), vote.view());
      if (vote.phase() == VotePhase.COMMIT) {
        require(node, PREPARED, slot.batch(), slot.seq(), vote.view());
      }
    }
  }

  private void says(int node, Checkpoint checkpoint, long syncedSeq) {
    if (!isOwn(node, checkpoint.replica().value())) {
      return;
    }
    long seq = checkpoint.seq();
    once(
        node,
        CHECKPOINT,
        seq,
        Print.of(checkpoint.head().root().prefix(), checkpoint.stateDigest().prefix()));
    require(node, CHECKPOINT, Digest.ZERO, seq, 0);
    if (syncedSeq < seq) {
      throw new Violation(
          Property.DURABLE_BEFORE_VOTE,
          "r" + node + " checkpoint " + seq + ", application synced to " + syncedSeq);
    }
  }

  private void says(int node, ViewChange viewChange) {
    if (isOwn(node, viewChange.replica().value())) {
      once(node, VIEW_CHANGE, viewChange.newView(), Print.of(viewChange));
      require(node, VIEW_CHANGE, Digest.ZERO, viewChange.newView(), 0);
      leftView[node] = Math.max(leftView[node], viewChange.newView());
    }
  }

  private void says(int node, NewView newView) {
    if (isOwn(node, newView.replica().value())) {
      once(node, NEW_VIEW, newView.view(), Print.of(newView));
      require(node, NEW_VIEW, Digest.ZERO, newView.view(), 0);
    }
  }

  /** A head is cosigned: one root for one size. */
  void cosigns(int node, TreeHead head) {
    once(node, HEAD, head.size(), head.root().prefix());
  }

  private void once(int node, int kind, long place, long what) {
    long before = said.putIfAbsent(Print.of(1_000 + node, kind, place), what | 1);
    if (before != 0 && before != (what | 1)) {
      throw new Violation(Property.NO_EQUIVOCATION, "r" + node + " kind " + kind + " at " + place);
    }
  }
}

package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.NewViewRules.Choice;
import io.tallystick.bft.engine.viewchange.ViewChangeVotes.Held;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A new-view in the making: its statement and its pre-prepares, until all of them are signed. */
final class NewViewDraft {
  private final NewView statement;
  private final Choice choice;
  private final List<Held> named;
  private final LinkedHashMap<Vote, List<Batch>> votes = new LinkedHashMap<>();
  private final LinkedHashMap<Vote, PrePrepare> signedVotes = new LinkedHashMap<>();
  private @Nullable Signed<NewView> signed;

  /** Of the quorum's view-changes {@code named}, for the view that they ask for. */
  NewViewDraft(Turn turn, long epoch, long view, List<Held> named) {
    this.named = named;
    this.choice = NewViewRules.choose(named.stream().map(Held::message).toList());
    List<Batch> batches = choice.batches();
    this.statement =
        new NewView(
            turn.self(),
            epoch,
            view,
            choice.stableSeq(),
            named.stream().map(Held::name).toList(),
            batches.stream().map(Batch::digest).toList());
    int max = turn.parameters().voteSlotsMax();
    for (int from = 0; from < batches.size(); from += max) {
      List<Batch> some = batches.subList(from, Math.min(from + max, batches.size()));
      List<SlotDigest> slots = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        slots.add(new SlotDigest(choice.stableSeq() + 1 + from + i, some.get(i).digest()));
      }
      votes.put(new Vote(VotePhase.PRE_PREPARE, turn.self(), epoch, view, slots), some);
    }
  }

  Choice choice() {
    return choice;
  }

  /** The view-changes that it names. */
  List<Held> named() {
    return named;
  }

  /** Has all of it signed. */
  void sign(Turn turn) {
    votes.keySet().forEach(turn::sign);
    turn.sign(statement);
  }

  /** A pre-prepare comes back signed; returns whether it is one of these. */
  boolean take(Signed<Vote> vote) {
    List<Batch> batches = votes.get(vote.statement());
    if (batches == null) {
      return false;
    }
    signedVotes.put(vote.statement(), new PrePrepare(vote, batches));
    return true;
  }

  /** The statement comes back signed. */
  void takeStatement(Signed<NewView> newView) {
    if (newView.statement().equals(statement)) {
      signed = newView;
    }
  }

  /** The message, once all of it is signed. */
  @Nullable NewViewMessage message() {
    Signed<NewView> newView = signed;
    if (newView == null || signedVotes.size() < votes.size()) {
      return null;
    }
    List<PrePrepare> prePrepares = new ArrayList<>();
    for (Vote vote : votes.keySet()) {
      PrePrepare prePrepare = signedVotes.get(vote);
      if (prePrepare != null) {
        prePrepares.add(prePrepare);
      }
    }
    return new NewViewMessage(newView, prePrepares);
  }
}

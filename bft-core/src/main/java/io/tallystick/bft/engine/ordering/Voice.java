package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Our own prepares and commits, from the decision to speak until the word is on disk.
 *
 * <p>What is said in one step of one phase is signed together. A prepare of our own counts at once:
 * whatever follows from it waits for a later position. A commit of our own counts when it is
 * durable, because a commit certificate leaves without waiting.
 */
public final class Voice {
  private record Undurable(long position, Signed<Vote> commit) {}

  private final Turn turn;
  private final Views views;
  private final Window window;
  private final TreeMap<Long, Digest> prepares = new TreeMap<>();
  private final TreeMap<Long, Digest> commits = new TreeMap<>();
  private final ArrayDeque<Undurable> undurable = new ArrayDeque<>();

  /** Has said nothing yet. */
  public Voice(Turn turn, Views views, Window window) {
    this.turn = turn;
    this.views = views;
    this.window = window;
  }

  /** Says it at the end of this step; from now on it is said. */
  void say(SlotState slot, VotePhase phase, Digest digest) {
    slot.attempt().say(phase, slot.seq(), digest);
    (phase == VotePhase.PREPARE ? prepares : commits).put(slot.seq(), digest);
  }

  /** Has signed what was said in this step. */
  public void flush() {
    if (!turn.voting()) { // quarantined in this very step: nothing of it is signed any more
      prepares.clear();
      commits.clear();
    }
    sign(VotePhase.PREPARE, prepares);
    sign(VotePhase.COMMIT, commits);
  }

  private void sign(VotePhase phase, NavigableMap<Long, Digest> said) {
    int max = turn.parameters().voteSlotsMax();
    while (!said.isEmpty()) {
      List<SlotDigest> slots = new ArrayList<>();
      while (!said.isEmpty() && slots.size() < max) {
        var first = said.pollFirstEntry();
        slots.add(new SlotDigest(first.getKey(), first.getValue()));
      }
      turn.sign(new Vote(phase, turn.self(), views.epoch(), views.view(), slots));
    }
  }

  /** The view is left: what would have been signed in it isn't said any more. */
  void leave() {
    prepares.clear(); // R8.1: no word in a view that was left
    commits.clear();
  }

  /** A prepare or commit of ours comes back signed; returns whether it still matters. */
  boolean signed(Signed<Vote> vote) {
    Vote statement = vote.statement();
    boolean matters = false;
    for (SlotDigest word : statement.slots()) {
      matters |= window.within(word.seq());
    }
    // R8.1: what comes back signed after its view was left is never written down, so never leaves
    if (!matters || statement.view() != views.view() || turn.quarantined()) {
      return false;
    }
    // R6.6, R10.1: the vote is written down, and leaves after that and all it vouches for
    long position = turn.persist(new JournalRecord.OwnVote(vote));
    turn.multicastAfter(position, new Ballot(vote));
    for (SlotDigest word : statement.slots()) {
      SlotState slot = window.find(word.seq());
      if (slot != null) {
        slot.touched(position);
        slot.attempt().own(vote, position);
        if (statement.phase() == VotePhase.PREPARE) {
          slot.attempt().prepares().add(turn.selfIndex(), vote, word.batch());
        }
      }
    }
    if (statement.phase() == VotePhase.COMMIT) {
      undurable.addLast(new Undurable(position, vote));
    }
    return true;
  }

  /** Commits of ours that are on disk now: they count from here on. */
  List<Signed<Vote>> durable() {
    List<Signed<Vote>> released = new ArrayList<>();
    while (!undurable.isEmpty() && undurable.getFirst().position() <= turn.durable()) {
      Signed<Vote> commit = undurable.removeFirst().commit();
      for (SlotDigest word : commit.statement().slots()) {
        SlotState slot = window.find(word.seq());
        if (slot != null && slot.attempt().view() == commit.statement().view()) {
          slot.attempt().commits().add(turn.selfIndex(), commit, word.batch()); // R6.7
        }
      }
      released.add(commit);
    }
    return released;
  }
}

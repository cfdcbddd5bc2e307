package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The votes of one phase for one slot: the first of each member, whatever it is for. The one place
 * that counts, for prepares and commits alike.
 *
 * <p>Votes may come before the proposal does; what matches is asked by digest.
 */
public final class VoteSet {

  /** What became of a vote. */
  public enum Added {
    /** The member's first. */
    FIRST,
    /** The member said the same before. */
    SAME,
    /** The member said something else before; the first stays, neither counts twice. */
    CONTRADICTION
  }

  private record Cast(Signed<Vote> vote, Digest digest) {}

  private final @Nullable Cast[] casts;
  private int held;
  private int accused;

  /** Has room for one vote of each of {@code n} members. */
  public VoteSet(int n) {
    casts = new Cast[n];
  }

  /** Takes a member's vote, whose word on this slot is {@code digest}. */
  public Added add(int member, Signed<Vote> vote, Digest digest) {
    Cast first = casts[member];
    if (first == null) { // R4.2: a member counts once for a slot and phase
      casts[member] = new Cast(vote, digest);
      held |= 1 << member;
      return Added.FIRST;
    }
    return first.digest.equals(digest) ? Added.SAME : Added.CONTRADICTION;
  }

  /** The member's vote; only for one that is held. */
  public Signed<Vote> vote(int member) {
    Cast cast = casts[member];
    if (cast == null) {
      throw new IllegalArgumentException("member: " + member + " (expected: one that voted)");
    }
    return cast.vote;
  }

  /** Bit i: the member at i has voted. */
  public int held() {
    return held;
  }

  /** Bit i: the member at i has voted for {@code digest}. */
  public int matching(Digest digest) {
    int bits = 0;
    for (int i = 0; i < casts.length; i++) {
      Cast cast = casts[i];
      if (cast != null && cast.digest.equals(digest)) {
        bits |= 1 << i;
      }
    }
    return bits;
  }

  /** How many members but {@code except} (−1: none) voted for {@code digest}. */
  public int count(Digest digest, int except) {
    int bits = matching(digest);
    return Integer.bitCount(except < 0 ? bits : bits & ~(1 << except));
  }

  /** The first {@code size} votes for {@code digest}, by member, leaving {@code except} out. */
  public List<Signed<Vote>> collect(Digest digest, int except, int size) {
    List<Signed<Vote>> votes = new ArrayList<>(size);
    for (int i = 0; i < casts.length && votes.size() < size; i++) {
      Cast cast = casts[i];
      if (cast != null && i != except && cast.digest.equals(digest)) {
        votes.add(cast.vote);
      }
    }
    return votes;
  }

  /** Whether this is the first accusation of that member here. */
  public boolean accuse(int member) {
    boolean first = (accused >> member & 1) == 0;
    accused |= 1 << member;
    return first;
  }
}

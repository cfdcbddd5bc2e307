package io.tallystick.bft.engine.checkpoint;

import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.Signed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The checkpoints of all members above the stable one: of each member, the newest few. */
final class CheckpointVotes {
  /** How many checkpoints of one member are kept; at one more its lowest is forgotten. */
  static final int PER_MEMBER_MAX = 16;

  private record Cast(Signed<Checkpoint> vote) {}

  private final int n;
  private final TreeMap<Long, @Nullable Cast[]> rows = new TreeMap<>();
  private final int[] counts;

  CheckpointVotes(int n) {
    this.n = n;
    this.counts = new int[n];
  }

  /** Takes a member's checkpoint; returns the one it contradicts, or null. */
  @Nullable Signed<Checkpoint> add(int member, Signed<Checkpoint> vote) {
    long seq = vote.statement().seq();
    @Nullable Cast[] row = rows.get(seq);
    if (row == null) {
      row = new Cast[n];
      rows.put(seq, row);
    }
    Cast first = row[member];
    if (first != null) {
      return first.vote.statement().agreesWith(vote.statement()) ? null : first.vote;
    }
    row[member] = new Cast(vote);
    counts[member]++;
    if (counts[member] > PER_MEMBER_MAX) {
      forgetLowest(member);
    }
    return null;
  }

  /** Whether the member's checkpoint there is held. */
  boolean held(int member, long seq) {
    @Nullable Cast[] row = rows.get(seq);
    return row != null && row[member] != null;
  }

  /** The checkpoints at {@code seq} that agree with {@code value}, by member. */
  List<Signed<Checkpoint>> agreeing(long seq, Checkpoint value) {
    List<Signed<Checkpoint>> votes = new ArrayList<>();
    for (Signed<Checkpoint> vote : at(seq)) {
      if (vote.statement().agreesWith(value)) {
        votes.add(vote);
      }
    }
    return votes;
  }

  /** All checkpoints at {@code seq}, by member. */
  List<Signed<Checkpoint>> at(long seq) {
    List<Signed<Checkpoint>> votes = new ArrayList<>();
    @Nullable Cast[] row = rows.get(seq);
    if (row != null) {
      for (Cast cast : row) {
        if (cast != null) {
          votes.add(cast.vote);
        }
      }
    }
    return votes;
  }

  /** Forgets all up to and with {@code seq}. */
  void forget(long seq) {
    Map<Long, @Nullable Cast[]> old = rows.headMap(seq, true);
    old.clear();
    Arrays.fill(counts, 0);
    for (@Nullable Cast[] row : rows.values()) {
      for (int member = 0; member < n; member++) {
        if (row[member] != null) {
          counts[member]++;
        }
      }
    }
  }

  private void forgetLowest(int member) {
    for (@Nullable Cast[] row : rows.values()) {
      if (row[member] != null) {
        row[member] = null;
        counts[member]--;
        break;
      }
    }
    rows.keySet().removeIf(seq -> at(seq).isEmpty());
  }
}

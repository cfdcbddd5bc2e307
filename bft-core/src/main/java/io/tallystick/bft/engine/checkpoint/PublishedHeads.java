package io.tallystick.bft.engine.checkpoint;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PeerMessage.HeadVote;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.TreeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Cosignatures on published heads: whoever holds those of a quorum on one head serves it. A head
 * whose lines became newer is published again, so that an idle ledger's head stays fresh.
 */
public final class PublishedHeads {
  /** How many sizes of one member are kept; at one more its smallest is forgotten. */
  static final int PER_MEMBER_MAX = 32;

  private final Turn turn;
  private final TreeMap<Long, @Nullable HeadCosignature[]> rows = new TreeMap<>();
  private final @Nullable HeadCosignature[] newest;
  private final int[] counts;
  private int accused;
  private long publishedSize = -1;
  private long publishedTime;

  /** Nothing is published yet. */
  public PublishedHeads(Turn turn) {
    this.turn = turn;
    this.newest = new HeadCosignature[turn.membership().n()];
    this.counts = new int[turn.membership().n()];
  }

  /** Our own on a published head: the others get it. */
  public void own(HeadCosignature cosignature) {
    turn.multicast(new HeadVote(cosignature)); // R7.3
    take(turn.selfIndex(), cosignature);
  }

  /** A peer's. */
  public void receive(ReplicaId from, HeadCosignature cosignature) {
    int member = turn.membership().indexOf(cosignature.replica());
    if (member < 0 || member == turn.selfIndex()) {
      turn.reject(from, RejectReason.UNEXPECTED);
      return;
    }
    HeadCosignature contradicted = contradicted(member, cosignature);
    if (contradicted != null) {
      if ((accused >> member & 1) == 0) {
        accused |= 1 << member;
        turn.accuse(cosignature.replica(), new Evidence.Heads(contradicted, cosignature)); // R6.8
      }
      turn.reject(from, RejectReason.EQUIVOCATION);
      return;
    }
    if (cosignature.head().size() < publishedSize) {
      turn.reject(from, RejectReason.DUPLICATE);
      return;
    }
    take(member, cosignature);
  }

  private @Nullable HeadCosignature contradicted(int member, HeadCosignature cosignature) {
    TreeHead head = cosignature.head();
    @Nullable HeadCosignature[] row = rows.get(head.size());
    HeadCosignature same = row == null ? null : row[member];
    if (same != null && !same.head().equals(head)) {
      return same;
    }
    HeadCosignature last = newest[member];
    if (last == null) {
      return null;
    }
    boolean shrank =
        head.size() < last.head().size() && cosignature.timeSeconds() > last.timeSeconds();
    boolean grewBefore =
        head.size() > last.head().size() && cosignature.timeSeconds() < last.timeSeconds();
    boolean split = head.size() == last.head().size() && !head.equals(last.head());
    return shrank || grewBefore || split ? last : null;
  }

  private void take(int member, HeadCosignature cosignature) {
    TreeHead head = cosignature.head();
    HeadCosignature last = newest[member];
    if (last == null || head.size() >= last.head().size()) {
      newest[member] = cosignature;
    }
    if (head.size() < publishedSize) {
      return;
    }
    @Nullable HeadCosignature[] row = rows.get(head.size());
    if (row == null) {
      row = new HeadCosignature[newest.length];
      rows.put(head.size(), row);
    }
    HeadCosignature before = row[member];
    if (before == null) {
      counts[member]++;
    }
    if (before == null || before.timeSeconds() < cosignature.timeSeconds()) {
      row[member] = cosignature;
    }
    if (counts[member] > PER_MEMBER_MAX) {
      forgetSmallest(member);
    }
    judge(row, head);
  }

  private void judge(@Nullable HeadCosignature[] row, TreeHead head) {
    List<HeadCosignature> agreeing = new ArrayList<>();
    HeadCosignature mine = row[turn.selfIndex()];
    int differing = 0;
    for (HeadCosignature cosignature : row) {
      if (cosignature == null) {
        continue;
      }
      if (cosignature.head().equals(head)) {
        agreeing.add(cosignature);
      }
      if (mine != null && !cosignature.head().equals(mine.head())) {
        differing++;
      }
    }
    if (differing > turn.membership().f()) {
      turn.quarantine("our head at size " + head.size() + " differs from more than f others'");
      return;
    }
    int quorum = turn.membership().quorum();
    if (agreeing.size() < quorum) {
      return;
    }
    // R7.3: a quorum's cosignatures on one head make it a published one
    long time = agreeing.stream().mapToLong(c -> -c.timeSeconds()).sorted().toArray()[quorum - 1];
    if (head.size() > publishedSize || -time > publishedTime) {
      publishedSize = head.size();
      publishedTime = -time;
      turn.emit(new Effect.Publish(new PublishedHead(turn.membership().epoch(), head, agreeing)));
      forgetBelow(publishedSize);
    }
  }

  private void forgetBelow(long size) {
    Map<Long, @Nullable HeadCosignature[]> old = rows.headMap(size, false);
    for (@Nullable HeadCosignature[] row : old.values()) {
      for (int member = 0; member < counts.length; member++) {
        counts[member] -= row[member] == null ? 0 : 1;
      }
    }
    old.clear();
  }

  private void forgetSmallest(int member) {
    for (@Nullable HeadCosignature[] row : rows.values()) {
      if (row[member] != null) {
        row[member] = null;
        counts[member]--;
        break;
      }
    }
    rows.values().removeIf(PublishedHeads::isEmpty);
  }

  private static boolean isEmpty(@Nullable HeadCosignature[] row) {
    for (HeadCosignature cosignature : row) {
      if (cosignature != null) {
        return false;
      }
    }
    return true;
  }
}

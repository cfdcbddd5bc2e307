package io.tallystick.bft.membership;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The replicas of one epoch, in ascending order of their ids.
 *
 * @param epoch counts reconfigurations, from 0
 * @param members sorted by id, 4 to 13 of them, all ids and keys different
 */
public record Membership(long epoch, List<Member> members) {
  /** Sorts, and refuses what no epoch can be. */
  public Membership {
    List<Member> sorted = new ArrayList<>(members);
    sorted.sort(Comparator.comparing(Member::id));
    if (sorted.size() < Quorums.REPLICAS_MIN || sorted.size() > Quorums.REPLICAS_MAX) {
      throw new IllegalArgumentException("replicas: " + sorted.size() + " (expected: 4 to 13)");
    }
    for (int i = 1; i < sorted.size(); i++) {
      if (sorted.get(i).id().equals(sorted.get(i - 1).id())) {
        throw new IllegalArgumentException(
            "replica id: " + sorted.get(i).id() + " twice (expected: once)");
      }
    }
    members = List.copyOf(sorted);
  }

  /** Number of replicas. */
  public int n() {
    return members.size();
  }

  /** Most replicas that may be faulty. */
  public int f() {
    return Quorums.faulty(n());
  }

  /** Number of replicas that make a quorum (q). */
  public int quorum() {
    return Quorums.quorum(n());
  }

  /** The primary of {@code view}: the (view mod n)-th smallest id. */
  public ReplicaId primary(long view) {
    return members.get((int) Long.remainderUnsigned(view, n())).id();
  }

  /** The member of that id, if it is one. */
  public Optional<Member> member(ReplicaId id) {
    int index = indexOf(id);
    return index < 0 ? Optional.empty() : Optional.of(members.get(index));
  }

  /** Whether that replica belongs to this epoch. */
  public boolean contains(ReplicaId id) {
    return indexOf(id) >= 0;
  }

  /** Position of the id in ascending order, or −1: what vote sets are indexed by. */
  public int indexOf(ReplicaId id) {
    for (int i = 0; i < members.size(); i++) {
      if (members.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }

  /** All ids, ascending. */
  public List<ReplicaId> ids() {
    return members.stream().map(Member::id).toList();
  }
}

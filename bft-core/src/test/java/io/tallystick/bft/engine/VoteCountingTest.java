package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.engine.ordering.VoteSet;
import io.tallystick.bft.engine.ordering.VoteSet.Added;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.Quorums;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VoteCountingTest {
  private static final Digest A = Digest.sha256(Bytes.utf8("A"));
  private static final Digest B = Digest.sha256(Bytes.utf8("B"));

  private static Signed<Vote> vote(int member, Digest digest) {
    ReplicaId replica = new ReplicaId(member);
    return StandInKeys.sign(Vote.of(VotePhase.COMMIT, replica, 0, new Slot(0, 1), digest));
  }

  @Test
  @DisplayName("S25 R4.2 a member counts once, whatever it says how often")
  void countsAMemberOnce() {
    VoteSet votes = new VoteSet(4);
    assertEquals(Added.FIRST, votes.add(2, vote(2, A), A));
    assertEquals(Added.SAME, votes.add(2, vote(2, A), A));
    assertEquals(Added.CONTRADICTION, votes.add(2, vote(2, B), B));
    assertEquals(1, votes.count(A, -1));
    assertEquals(0, votes.count(B, -1));
    assertEquals(vote(2, A), votes.vote(2), "the first stays");
  }

  @Test
  @DisplayName("R4.4 the primary's own prepare is left out of the count and of the certificate")
  void leavesThePrimaryOut() {
    VoteSet votes = new VoteSet(4);
    for (int member = 0; member < 4; member++) {
      votes.add(member, vote(member, A), A);
    }
    assertEquals(3, votes.count(A, 0));
    assertEquals(2, votes.collect(A, 0, 2).size());
    assertEquals(new ReplicaId(1), votes.collect(A, 0, 2).getFirst().replica());
  }

  @Test
  @DisplayName("R6.8 a member is accused once per slot and phase")
  void accusesOnce() {
    VoteSet votes = new VoteSet(4);
    assertTrue(votes.accuse(3));
    assertFalse(votes.accuse(3));
    assertTrue(votes.accuse(1));
  }

  @Test
  @DisplayName("R4.1 any two quorums share a correct replica, and a quorum of correct ones exists")
  void sharesACorrectReplica() {
    for (int n = Quorums.REPLICAS_MIN; n <= Quorums.REPLICAS_MAX; n++) {
      int f = Quorums.faulty(n);
      int q = Quorums.quorum(n);
      assertTrue(2 * q - n >= f + 1, "n=" + n);
      assertTrue(q <= n - f, "n=" + n);
      assertFalse(2 * (q - 1) - n >= f + 1, "no smaller quorum would do at n=" + n);
    }
  }
}

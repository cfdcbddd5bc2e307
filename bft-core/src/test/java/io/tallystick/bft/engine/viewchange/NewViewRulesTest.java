package io.tallystick.bft.engine.viewchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.viewchange.NewViewRules.Choice;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NewViewRulesTest {
  private static final long NEW_VIEW = 9;

  private static Batch batch(int name) {
    return new Batch(1_000 + name, List.of());
  }

  private static PreparedCertificate prepared(long view, long seq, Batch batch) {
    Vote proposal =
        Vote.of(
            VotePhase.PRE_PREPARE,
            new ReplicaId((int) (view % 4)),
            0,
            new Slot(view, seq),
            batch.digest());
    return new PreparedCertificate(seq, batch, StandInKeys.sign(proposal), List.of());
  }

  private static List<StableCheckpoint> stable(long seq) {
    Checkpoint value =
        new Checkpoint(new ReplicaId(0), 0, seq, new TreeHead(seq, Digest.ZERO), Digest.ZERO);
    return seq == 0 ? List.of() : List.of(new StableCheckpoint(List.of(StandInKeys.sign(value))));
  }

  private static ViewChangeMessage viewChange(
      int replica, long stableSeq, List<PreparedCertificate> prepared) {
    List<StableCheckpoint> stable = stable(stableSeq);
    Digest certificates = PeerCodec.certificates(stable, prepared);
    return new ViewChangeMessage(
        StandInKeys.sign(
            new ViewChange(new ReplicaId(replica), 0, NEW_VIEW, stableSeq, certificates)),
        stable,
        prepared);
  }

  @Test
  @DisplayName("R8.8 the certificate of the highest view wins, wherever it stands")
  void choosesTheHighestView() {
    ViewChangeMessage old = viewChange(0, 0, List.of(prepared(2, 1, batch(1))));
    ViewChangeMessage newer = viewChange(1, 0, List.of(prepared(5, 1, batch(2))));
    ViewChangeMessage none = viewChange(2, 0, List.of());
    assertEquals(List.of(batch(2)), NewViewRules.choose(List.of(old, newer, none)).batches());
    assertEquals(List.of(batch(2)), NewViewRules.choose(List.of(none, newer, old)).batches());
  }

  @Test
  @DisplayName("R8.8 a gap is filled with the null batch, and nothing follows the last prepared")
  void fillsGaps() {
    ViewChangeMessage some = viewChange(0, 0, List.of(prepared(1, 3, batch(3))));
    ViewChangeMessage none = viewChange(1, 0, List.of());
    assertEquals(
        List.of(Batch.NULL, Batch.NULL, batch(3)),
        NewViewRules.choose(List.of(some, none)).batches());
    assertEquals(List.of(), NewViewRules.choose(List.of(none)).batches());
  }

  @Test
  @DisplayName("R8.7 the highest stable checkpoint decides where it starts, whoever shows it")
  void startsFromTheHighestStableCheckpoint() {
    ViewChangeMessage low =
        viewChange(
            0,
            4,
            List.of(prepared(1, 5, batch(5)), prepared(1, 8, batch(8)), prepared(1, 9, batch(9))));
    ViewChangeMessage high = viewChange(1, 8, List.of());
    Choice choice = NewViewRules.choose(List.of(low, high));
    assertEquals(8, choice.stableSeq());
    assertEquals(List.of(batch(9)), choice.batches());
  }

  @Test
  @DisplayName("R8.7 R8.8 chooses as a naive second implementation does")
  void choosesLikeItsNaiveTwin() {
    Random random = new Random(8);
    for (int round = 0; round < 3_000; round++) {
      List<ViewChangeMessage> quorum = new ArrayList<>();
      for (int replica = 0; replica < 3; replica++) {
        long stableSeq = 4L * random.nextInt(3);
        TreeMap<Long, PreparedCertificate> prepared = new TreeMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          long seq = stableSeq + 1 + random.nextInt(8);
          long view = random.nextInt(9);
          // of one view and sequence number there is one batch
          prepared.put(seq, prepared(view, seq, batch((int) (100 * view + seq))));
        }
        quorum.add(viewChange(replica, stableSeq, List.copyOf(prepared.values())));
      }
      Choice choice = NewViewRules.choose(quorum);
      assertEquals(naive(quorum), choice.batches(), "round " + round);
    }
  }

  private static List<Batch> naive(List<ViewChangeMessage> quorum) {
    long low =
        quorum.stream().mapToLong(m -> m.viewChange().statement().stableSeq()).max().orElse(0);
    long last = low;
    for (ViewChangeMessage message : quorum) {
      for (PreparedCertificate certificate : message.prepared()) {
        last = Math.max(last, certificate.seq());
      }
    }
    List<Batch> batches = new ArrayList<>();
    for (long seq = low + 1; seq <= last; seq++) {
      Batch best = Batch.NULL;
      for (long view = 0; view < NEW_VIEW; view++) { // the last that is found is the highest
        for (ViewChangeMessage message : quorum) {
          for (PreparedCertificate certificate : message.prepared()) {
            if (certificate.seq() == seq && certificate.prePrepare().statement().view() == view) {
              best = certificate.batch();
            }
          }
        }
      }
      batches.add(best);
    }
    return batches;
  }
}

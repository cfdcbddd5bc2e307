package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.SimCluster.InFlight;
import io.tallystick.bft.fixture.SimNode;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Evidence;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What single messages and timers do in a view change; whole stories are scenarios. */
class ViewChangeTest {
  private final SimCluster cluster = SimCluster.of(4);

  private static Bundle bundle(String name) {
    return StandInKeys.bundle("c", List.of(StandInKeys.request("c", name, 10, Long.MAX_VALUE)));
  }

  private void submit(Bundle bundle) {
    for (int i = 0; i < cluster.size(); i++) {
      cluster.submit(bundle, i);
    }
    cluster.settle();
  }

  private void expire(int... nodes) {
    for (int node : nodes) {
      cluster.node(node).fire(TimerName.VIEW);
    }
    cluster.settle();
  }

  private static Predicate<InFlight> isKind(Class<? extends PeerMessage> kind) {
    return message -> kind.isInstance(message.message());
  }

  private <M extends PeerMessage> M sent(Class<M> kind, int from) {
    return cluster.network().stream()
        .filter(message -> message.from() == from && kind.isInstance(message.message()))
        .map(message -> kind.cast(message.message()))
        .findFirst()
        .orElseThrow();
  }

  /** The new-view of r1 for view 1, which nobody has got yet. */
  private NewViewMessage newView() {
    expire(1, 2, 3);
    cluster.deliver(isKind(ViewChangeMessage.class));
    NewViewMessage message = sent(NewViewMessage.class, 1);
    cluster.drop(isKind(NewViewMessage.class));
    return message;
  }

  private static NewViewMessage altered(NewViewMessage original, List<Batch> batches) {
    NewView old = original.newView().statement();
    List<Digest> digests = batches.stream().map(Batch::digest).toList();
    List<SlotDigest> slots = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      slots.add(new SlotDigest(old.stableSeq() + 1 + i, digests.get(i)));
    }
    NewView statement =
        new NewView(
            old.replica(), old.epoch(), old.view(), old.stableSeq(), old.viewChanges(), digests);
    Vote vote = new Vote(VotePhase.PRE_PREPARE, old.replica(), old.epoch(), old.view(), slots);
    return new NewViewMessage(
        StandInKeys.sign(statement),
        batches.isEmpty() ? List.of() : List.of(new PrePrepare(StandInKeys.sign(vote), batches)));
  }

  @Test
  @DisplayName("R8.9 S25 a new-view that says anything else than its view-changes is not accepted")
  void acceptsNothingElseThanWhatFollows() {
    cluster.noteRejects();
    NewViewMessage right = newView();
    cluster.forge(1, 2, altered(right, List.of(Batch.NULL)));
    cluster.deliver(message -> message.to() == 2 && message.from() == 1);
    assertTrue(cluster.log().contains("r2 rejects r1: BAD_NEW_VIEW"), cluster.log().toString());
    assertFalse(cluster.node(2).summary().active());
    cluster.forge(1, 3, right);
    cluster.deliver(message -> message.to() == 3 && message.from() == 1);
    assertTrue(cluster.node(3).summary().active());
  }

  @Test
  @DisplayName("R8.9 a batch that was prepared can't be left out of a new-view")
  void missesAPreparedBatchThatIsLeftOut() {
    submit(bundle("a"));
    cluster.deliver(isKind(PrePrepare.class));
    cluster.deliver(isKind(PeerMessage.Ballot.class).and(message -> message.to() != 0));
    cluster.drop(isKind(PeerMessage.Ballot.class));
    NewViewMessage right = newView();
    assertEquals(1, right.prePrepares().size());
    cluster.forge(1, 2, altered(right, List.of()));
    cluster.forge(1, 3, altered(right, List.of(Batch.NULL)));
    cluster.deliver(message -> message.from() == 1);
    assertFalse(cluster.node(2).summary().active());
    assertFalse(cluster.node(3).summary().active());
  }

  @Test
  @DisplayName("S21 R6.8 two new-views of one primary: the first stands, evidence is kept")
  void keepsEvidenceOfTwoNewViews() {
    NewViewMessage right = newView();
    cluster.forge(1, 2, right);
    cluster.forge(1, 2, altered(right, List.of(Batch.NULL)));
    cluster.deliver(message -> message.to() == 2 && message.from() == 1);
    assertTrue(cluster.node(2).summary().active());
    assertInstanceOf(Evidence.NewViews.class, cluster.evidenceOf(2).getFirst());
  }

  @Test
  @DisplayName("R8.9 a backup fetches the view-changes that a new-view names and it lacks")
  void fetchesViewChanges() {
    expire(1, 2, 3);
    cluster.drop(message -> message.to() == 0);
    cluster.drop(isKind(ViewChangeMessage.class).and(message -> message.to() == 3));
    cluster.deliver(isKind(ViewChangeMessage.class));
    cluster.deliver(isKind(NewViewMessage.class));
    assertFalse(cluster.node(3).summary().active());
    cluster.run(1_000);
    assertTrue(cluster.node(3).summary().active());
    assertEquals(1, cluster.node(3).summary().view());
  }

  @Test
  @DisplayName("S21 R6.8 two view-changes of one replica for one view are evidence")
  void keepsEvidenceOfTwoViewChanges() {
    expire(1, 2);
    ViewChangeMessage first = sent(ViewChangeMessage.class, 2);
    var old = first.viewChange().statement();
    var other =
        new io.tallystick.bft.message.ViewChange(
            old.replica(), 0, old.newView(), old.stableSeq(), Digest.ZERO);
    cluster.forge(2, 1, new ViewChangeMessage(StandInKeys.sign(other), List.of(), List.of()));
    cluster.deliver(message -> message.to() == 1);
    assertInstanceOf(Evidence.ViewChanges.class, cluster.evidenceOf(1).getFirst());
  }

  @Test
  @DisplayName("R8.3 R10.2 S22 after a restart the view-change is the same, byte for byte")
  void saysTheSameAfterARestart() {
    submit(bundle("a"));
    cluster.deliver(isKind(PrePrepare.class));
    cluster.deliver(message -> message.to() == 2);
    expire(2);
    ViewChangeMessage before = sent(ViewChangeMessage.class, 2);
    assertEquals(1, before.prepared().size());
    cluster.drop(_ -> true);
    cluster.crash(2, true, 0);
    cluster.restart(2);
    cluster.settle();
    assertEquals(before, sent(ViewChangeMessage.class, 2));
    assertEquals(1, cluster.node(2).summary().view());
    assertFalse(cluster.node(2).summary().active());
  }

  @Test
  @DisplayName("R8.1 S55 a vote that comes back signed after its view was left never leaves")
  void neverSaysWhatItHadNotWrittenDown() {
    SimNode two = cluster.node(2);
    two.hold(SimNode.Work.SIGN, true);
    submit(bundle("a"));
    cluster.deliver(isKind(PrePrepare.class));
    two.fire(TimerName.VIEW);
    two.hold(SimNode.Work.SIGN, false);
    cluster.settle();
    assertEquals(
        0,
        cluster.network().stream()
            .filter(m -> m.from() == 2)
            .filter(isKind(PeerMessage.Ballot.class))
            .count());
    assertEquals(0, sent(ViewChangeMessage.class, 2).prepared().size());
  }

  @Test
  @DisplayName("R8.4 alone, a replica neither runs a timer nor goes on to yet another view")
  void goesNowhereAlone() {
    expire(3);
    cluster.run(20_000);
    assertEquals(1, cluster.node(3).summary().view());
    expire(3);
    assertEquals(1, cluster.node(3).summary().view());
    assertEquals(0, cluster.node(0).summary().view());
    assertTrue(
        cluster.node(3).summary().executed() >= cluster.node(0).summary().executed() - 1,
        "R8.1: it learns from commit certificates");
    assertEquals(cluster.node(0).summary().stable(), cluster.node(3).summary().stable());
  }

  @Test
  @DisplayName("R8.6 each view that brings nothing doubles the wait, up to sixteen times")
  void doublesItsTimer() {
    cluster.crash(0, true, 0);
    expire(1, 2, 3);
    List<Long> waits = new ArrayList<>();
    long since = cluster.ticks();
    long view = 1;
    while (waits.size() < 7) {
      cluster.drop(isKind(NewViewMessage.class));
      cluster.deliver(message -> message.to() != 0 && !isKind(NewViewMessage.class).test(message));
      cluster.tick(50);
      long now = cluster.node(2).summary().view();
      if (now > view) {
        waits.add((cluster.ticks() - since + 500) / 1_000 * 1_000);
        since = cluster.ticks();
        view = now;
      }
    }
    assertEquals(List.of(4_000L, 8_000L, 16_000L, 32_000L, 32_000L), waits.subList(0, 5));
  }

  @Test
  @DisplayName(
      "R8.14 R8.12 a lost connection shortens the timer, a batch that is executed lengthens it")
  void noticesALostConnection() {
    submit(bundle("a"));
    cluster.crash(0, true, 0);
    cluster.tick(499);
    assertEquals(0, cluster.node(1).summary().view());
    cluster.tick(1);
    assertEquals(1, cluster.node(1).summary().view());
  }

  @Test
  @DisplayName("R8.12 every batch that is executed gives the primary all its time again")
  void startsItsTimerAnewWithEachBatch() {
    for (int i = 0; i < 10; i++) {
      Bundle waits = bundle("waits " + i);
      cluster.submit(waits, 1); // r1 alone has it, so that something always waits there
      cluster.deliver(message -> true);
      cluster.tick(1_500);
      submit(bundle("b" + i));
      cluster.deliver(message -> true);
    }
    assertEquals(0, cluster.node(1).summary().view());
    assertTrue(cluster.node(1).summary().active());
  }

  @Test
  @DisplayName("R8.15 S20 parameters whose largest view-change exceeds a frame stop the start")
  void refusesParametersThatDoNotFit() {
    Parameters p = SimCluster.parameters(1_000, 20_000);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new ReplicaSettings(
                    new ReplicaId(0),
                    StandInKeys.CLUSTER,
                    StandInKeys.membership(4),
                    p,
                    AdmissionLimits.defaults(),
                    TransferLimits.defaults()));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("window: 20000"));
    Parameters defaults = Parameters.defaults();
    assertTrue(defaults.viewChangeBytesMax(13) <= defaults.frameBytesMax());
  }

  @Test
  @DisplayName("R6.10 R9.4 a primary that was cut off proposes nothing over what is decided later")
  void proposesNothingOverWhatALaterViewDecided() {
    for (int other = 1; other < 4; other++) {
      cluster.cut(0, other);
      cluster.cut(other, 0);
    }
    expire(1, 2, 3);
    for (int i = 1; i < 4; i++) {
      cluster.submit(bundle("a"), i);
    }
    cluster.run(3_000);
    cluster.submit(bundle("b"), 0);
    cluster.heal();
    cluster.run(3_000);
    for (SimNode node : cluster.nodes()) {
      assertEquals(cluster.node(1).summary().executed(), node.summary().executed());
      assertEquals(2, node.machine().effects().size());
    }
  }

  @Test
  @DisplayName("R8.4 R8.9 a new-view whose view-changes nobody has any more holds nobody up")
  void goesOnWhenANewViewCannotBeProved() {
    expire(1, 3);
    cluster.deliver(isKind(ViewChangeMessage.class).and(message -> message.to() == 1));
    cluster.drop(isKind(ViewChangeMessage.class));
    expire(2);
    cluster.drop(_ -> true); // r1 began the view on its own, r3's and r2's or r0's word
    cluster.crash(3, true, 0);
    for (int i : new int[] {0, 2}) {
      cluster.crash(i, true, 0);
      cluster.restart(i);
    }
    cluster.settle();
    submit(bundle("a"));
    cluster.run(30_000);
    for (int i = 0; i < 3; i++) {
      assertEquals(1, cluster.node(i).machine().effects().size(), cluster.node(i).toString());
    }
  }
}

package io.tallystick.bft.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.fixture.CounterMachine;
import io.tallystick.bft.fixture.SimCluster;
import io.tallystick.bft.fixture.SimNode;
import io.tallystick.bft.fixture.StandInKeys;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.bft.verify.Trusted;
import io.tallystick.crypto.Digest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** One replica alone, its effects compared whole. */
class ReplicaTest {
  private static final Now NOW = new Now(1_000, 1_000_000_000);

  private final Replica replica = new Replica(settings(1), PeerCodec::certificates);
  private final Effects effects = new Effects();

  private static ReplicaSettings settings(int self) {
    return new ReplicaSettings(
        new ReplicaId(self),
        StandInKeys.CLUSTER,
        StandInKeys.membership(4),
        Parameters.defaults(),
        AdmissionLimits.defaults(),
        TransferLimits.defaults());
  }

  private List<Effect> step(Event event) {
    effects.clear();
    replica.step(event, NOW, effects);
    return List.copyOf(effects.list());
  }

  private List<Effect> start() {
    Event.ApplicationState genesis = new Event.ApplicationState(0, 0, new TreeHead(0, Digest.ZERO));
    return step(new Event.Started(genesis, Digest.ZERO, 1));
  }

  private List<Effect> receive(int from, PeerMessage message) {
    return step(new Event.Received(new ReplicaId(from), Trusted.of(message)));
  }

  private static PrePrepare proposal(long seq, Bundle... bundles) {
    Batch batch =
        new Batch(NOW.wallMicros(), List.of(bundles).stream().map(Bundle::digest).toList());
    Vote vote =
        Vote.of(VotePhase.PRE_PREPARE, new ReplicaId(0), 0, new Slot(0, seq), batch.digest());
    return new PrePrepare(StandInKeys.sign(vote), List.of(batch));
  }

  @Test
  @DisplayName("R10.3 the first start writes the view down, and says where it stands")
  void startsFromNothing() {
    List<Effect> started = start();
    assertEquals(new Effect.Persist(1, new JournalRecord.InView(0, 0, true)), started.getFirst());
    assertInstanceOf(
        PeerMessage.Status.class, ((Effect.Multicast) started.get(1)).message(), "status");
    assertEquals(new Effect.Arm(TimerName.STATUS, 200), started.get(2));
    assertTrue(replica.summary().voting());
  }

  @Test
  @DisplayName("R6.6 R10.1 bodies and proposal are written before a prepare is signed; it waits")
  void preparesAfterWriting() {
    start();
    Bundle bundle =
        StandInKeys.bundle("c", List.of(StandInKeys.request("c", "a", 10, Long.MAX_VALUE)));
    step(new Event.Submitted(Trusted.of(bundle)));
    PrePrepare proposal = proposal(1, bundle);
    Vote prepare =
        new Vote(VotePhase.PREPARE, new ReplicaId(1), 0, 0, proposal.vote().statement().slots());
    assertEquals(
        List.of(
            new Effect.Persist(2, new JournalRecord.Body(1, bundle)),
            new Effect.Persist(3, new JournalRecord.Proposal(proposal)),
            new Effect.Arm(TimerName.VIEW, 2_000),
            new Effect.Sign(prepare)),
        receive(2, proposal));
    assertEquals(
        List.of(
            new Effect.Persist(4, new JournalRecord.OwnVote(StandInKeys.sign(prepare))),
            new Effect.Multicast(new PeerMessage.Ballot(StandInKeys.sign(prepare)), 4)),
        step(new Event.SignedByUs(Trusted.of(StandInKeys.sign(prepare)))));
    assertEquals(List.of(), step(new Event.Durable(4)));
  }

  @Test
  @DisplayName("R6.2 the same proposal again is a duplicate, another one evidence, kept once")
  void rejectsASecondProposalForTheSameSlot() {
    start();
    receive(0, proposal(1));
    assertEquals(
        List.of(new Effect.Reject(new ReplicaId(2), RejectReason.DUPLICATE)),
        receive(2, proposal(1)));
    Bundle bundle = StandInKeys.bundle("c", List.of(StandInKeys.request("c", "a", 10, 1)));
    List<Effect> accused = receive(2, proposal(1, bundle));
    assertInstanceOf(Effect.Accuse.class, accused.getFirst());
    assertEquals(new Effect.Reject(new ReplicaId(2), RejectReason.EQUIVOCATION), accused.getLast());
    assertEquals(1, receive(2, proposal(1, bundle)).size(), "accused once");
  }

  @Test
  @DisplayName("S22 R10.2 a prepare of an earlier life binds, even where its proposal is lost")
  void keepsItsWordAcrossARestart() {
    Vote said =
        Vote.of(VotePhase.PREPARE, new ReplicaId(1), 0, new Slot(0, 1), Batch.NULL.digest());
    step(new Event.Replayed(1, Trusted.of(new JournalRecord.OwnVote(StandInKeys.sign(said)))));
    Event.ApplicationState genesis = new Event.ApplicationState(0, 0, new TreeHead(0, Digest.ZERO));
    step(new Event.Started(genesis, Digest.ZERO, 2));
    assertTrue(
        receive(0, proposal(1)).stream()
            .noneMatch(e -> e instanceof Effect.Persist || e instanceof Effect.Sign),
        "neither written nor signed");
    assertTrue(
        receive(0, proposal(2)).stream().anyMatch(Effect.Sign.class::isInstance), "other slot");
  }

  @Test
  @DisplayName("S33 view-changes of another epoch count for nothing, and are named so")
  void rejectsViewChangesOfAnotherEpoch() {
    start();
    ReplicaId two = new ReplicaId(2);
    ViewChange viewChange = new ViewChange(two, 1, 1, 0, Digest.ZERO);
    assertEquals(
        List.of(new Effect.Reject(two, RejectReason.WRONG_EPOCH)),
        receive(
            2,
            new PeerMessage.ViewChangeMessage(StandInKeys.sign(viewChange), List.of(), List.of())));
    NewView newView = new NewView(two, 1, 2, 0, List.of(), List.of());
    assertEquals(
        List.of(new Effect.Reject(two, RejectReason.WRONG_EPOCH)),
        receive(2, new PeerMessage.NewViewMessage(StandInKeys.sign(newView), List.of())));
  }

  @Test
  @DisplayName("R10.3 a journal whose view goes back is not believed")
  void refusesAJournalWhoseViewGoesBack() {
    ViewChange viewChange = new ViewChange(new ReplicaId(1), 0, 3, 0, Digest.ZERO);
    JournalRecord own =
        new JournalRecord.OwnViewChange(
            new PeerMessage.ViewChangeMessage(StandInKeys.sign(viewChange), List.of(), List.of()));
    step(new Event.Replayed(1, Trusted.of(own)));
    step(new Event.Replayed(2, Trusted.of(new JournalRecord.InView(0, 2, true))));
    InvariantViolation violation =
        assertThrows(
            InvariantViolation.class,
            () -> step(new Event.Started(new CounterMachine().state(), Digest.ZERO, 3)));
    assertEquals(Property.SAID_STAYS_SAID, violation.property());
    assertEquals(List.of(), effects.list(), "nothing of the broken step is carried out");
    assertFalse(replica.summary().voting());
    assertTrue(replica.summary().quarantined());
  }

  @Test
  @DisplayName("R6.13 an answer of the application out of order stops the replica")
  void stopsWhenTheApplicationAnswersOutOfOrder() {
    start();
    Event executed =
        new Event.Executed(
            1,
            new TreeHead(0, Digest.ZERO),
            Optional.empty(),
            new HeadCosignature(
                new ReplicaId(1),
                new TreeHead(0, Digest.ZERO),
                0,
                StandInKeys.signature("cosigner 1", new byte[0])));
    InvariantViolation violation = assertThrows(InvariantViolation.class, () -> step(executed));
    assertEquals(Property.EXECUTE_ONCE, violation.property());
  }

  @Test
  @DisplayName("R9.2 what a peer lacks is sent once in an interval, however often it asks")
  void answersOnceInAnInterval() {
    SimCluster cluster = SimCluster.of(4);
    cluster.submit(
        StandInKeys.bundle("c", List.of(StandInKeys.request("c", "a", 10, Long.MAX_VALUE))), 0);
    cluster.settle();
    cluster.drop(_ -> true);
    PeerMessage.Status lacking =
        new PeerMessage.Status(
            new ReplicaId(3),
            0,
            0,
            0,
            0,
            List.of(new PeerMessage.Missing(1, true, 0, 0)),
            new PeerMessage.Standing(true, 0));
    for (int i = 0; i < 5; i++) {
      cluster.forge(3, 0, lacking);
    }
    cluster.deliver(message -> message.to() == 0);
    assertEquals(1, cluster.network().size());
    cluster.tick(200);
    cluster.drop(_ -> true);
    cluster.forge(3, 0, lacking);
    cluster.deliver(message -> message.to() == 0);
    assertEquals(1, cluster.network().size());
  }

  @Test
  @DisplayName("S54 R9.2 R9.3 a peer that fetches without end runs into its budget")
  void boundsWhatAPeerFetches() {
    SimCluster cluster =
        new SimCluster(
            4,
            SimCluster.parameters(4, 8),
            AdmissionLimits.defaults(),
            new TransferLimits(200, 8, 4, 6, 8_000, 4_000));
    cluster.submit(
        StandInKeys.bundle("c", List.of(StandInKeys.request("c", "a", 10, Long.MAX_VALUE))), 0);
    cluster.run(100);
    cluster.noteRejects();
    for (int i = 0; i < 20; i++) {
      cluster.forge(3, 0, new PeerMessage.FetchBatches(1, 1));
    }
    cluster.deliver(message -> message.to() == 0);
    assertEquals(4, cluster.network().size(), "batches sent");
    assertEquals(
        16, cluster.log().stream().filter(l -> l.equals("r0 rejects r3: TOO_OFTEN")).count());
  }

  @Test
  @DisplayName("R7.7 nothing is executed past a checkpoint whose record isn't durable")
  void waitsForTheCheckpointsRecord() {
    SimCluster held = SimCluster.of(4);
    Bundle first =
        StandInKeys.bundle("c", List.of(StandInKeys.request("c", "x", 10, Long.MAX_VALUE)));
    Bundle second =
        StandInKeys.bundle("c", List.of(StandInKeys.request("c", "y", 10, Long.MAX_VALUE)));
    for (int node = 0; node < 4; node++) {
      held.submit(first, node);
    }
    held.settle();
    for (int node = 0; node < 4; node++) {
      held.submit(second, node);
    }
    held.deliver(m -> ofPhase(m.message(), VotePhase.PRE_PREPARE));
    held.deliver(m -> ofPhase(m.message(), VotePhase.PREPARE));
    held.node(2).hold(SimNode.Work.SYNC, true);
    held.deliver(m -> m.to() == 2 && ofPhase(m.message(), VotePhase.COMMIT));
    assertEquals(1, held.node(2).summary().executed(), "the first is a checkpoint");
    held.node(2).hold(SimNode.Work.SYNC, false);
    held.settle();
    assertEquals(2, held.node(2).summary().executed());
  }

  private static boolean ofPhase(PeerMessage message, VotePhase phase) {
    return switch (message) {
      case PrePrepare _ -> phase == VotePhase.PRE_PREPARE;
      case PeerMessage.Ballot(var vote) -> vote.statement().phase() == phase;
      default -> false;
    };
  }

  @Test
  @DisplayName("R6.14 two certificates for one sequence number: more than f are faulty, it halts")
  void haltsAtTwoCertificates() {
    start();
    receive(2, committed(1, new Batch(5, List.of())));
    List<Effect> second = receive(2, committed(2, new Batch(5, List.of())));
    assertTrue(second.stream().noneMatch(Effect.Quarantine.class::isInstance));
    receive(2, committed(3, new Batch(6, List.of())));
    List<Effect> contradicting = receive(2, committed(3, new Batch(7, List.of())));
    assertTrue(contradicting.stream().anyMatch(Effect.Quarantine.class::isInstance));
    assertFalse(replica.summary().voting());
  }

  private static PeerMessage committed(long seq, Batch batch) {
    List<Signed<Vote>> commits =
        List.of(0, 2, 3).stream()
            .map(
                id ->
                    StandInKeys.sign(
                        Vote.of(
                            VotePhase.COMMIT,
                            new ReplicaId(id),
                            0,
                            new Slot(0, seq),
                            batch.digest())))
            .toList();
    return new PeerMessage.CommittedBatch(
        new CommitCertificate(0, 0, seq, batch, commits), List.of());
  }
}

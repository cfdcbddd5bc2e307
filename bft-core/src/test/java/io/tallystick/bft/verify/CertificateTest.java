package io.tallystick.bft.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateTest {
  private static final Slot SLOT = new Slot(5, 77);
  private static final Batch BATCH = Cluster.batch(List.of());

  private final Cluster cluster = new Cluster(4, Parameters.defaults());
  private final Verifier verifier = cluster.verifier();

  @ParameterizedTest
  @ValueSource(ints = {4, 5, 6, 7, 10, 13})
  @DisplayName("S25 a quorum is q different signers, for every n")
  void wantsAQuorum(int n) {
    Cluster any = new Cluster(n, Parameters.defaults());
    Verifier judge = any.verifier();
    CommitCertificate good = any.committed(SLOT, BATCH);
    assertTrue(judge.record(Cluster.replica(0), new JournalRecord.Committed(good)).passed());
    CommitCertificate few = with(good, good.commits().subList(1, good.commits().size()));
    assertEquals(
        Fault.BAD_CERTIFICATE,
        fault(judge.record(Cluster.replica(0), new JournalRecord.Committed(few))));

    PreparedCertificate prepared = any.prepared(SLOT, BATCH);
    assertTrue(judge.record(Cluster.replica(0), new JournalRecord.Prepared(prepared)).passed());
    PreparedCertificate fewer =
        new PreparedCertificate(
            prepared.seq(),
            BATCH,
            prepared.prePrepare(),
            prepared.prepares().subList(1, prepared.prepares().size()));
    assertEquals(
        Fault.BAD_CERTIFICATE,
        fault(judge.record(Cluster.replica(0), new JournalRecord.Prepared(fewer))));
  }

  @Test
  @DisplayName("S25 a signer twice in a certificate is refused")
  void refusesASignerTwice() {
    CommitCertificate good = cluster.committed(SLOT, BATCH);
    List<Signed<Vote>> twice = new ArrayList<>(good.commits());
    twice.set(1, twice.get(0));
    assertEquals(Fault.BAD_CERTIFICATE, fault(with(good, twice)));
  }

  @Test
  @DisplayName("S25 a signer outside the epoch, or with a key that isn't its own, is refused")
  void refusesStrangers() {
    CommitCertificate good = cluster.committed(SLOT, BATCH);
    List<Signed<Vote>> votes = new ArrayList<>(good.commits());
    votes.set(1, cluster.vote(VotePhase.COMMIT, 7, SLOT, BATCH));
    assertEquals(Fault.UNKNOWN_REPLICA, fault(with(good, votes)));
    votes.set(1, new Signed<>(good.commits().get(1).statement(), votes.get(0).signature()));
    assertEquals(Fault.BAD_SIGNATURE, fault(with(good, votes)));
  }

  @Test
  @DisplayName("S23 a bad signature beyond the quorum spoils the certificate too")
  void refusesOneBadSignatureTooMany() {
    CommitCertificate good = cluster.committed(SLOT, BATCH);
    List<Signed<Vote>> votes = new ArrayList<>(good.commits());
    Signed<Vote> last = cluster.vote(VotePhase.COMMIT, 3, SLOT, BATCH);
    votes.add(new Signed<>(last.statement(), votes.get(0).signature()));
    assertEquals(Fault.BAD_SIGNATURE, fault(with(good, votes)));
  }

  @Test
  @DisplayName(
      "S24 a certificate presented for another slot, phase, view, epoch or batch is refused")
  void refusesCertificatesOfSomethingElse() {
    CommitCertificate good = cluster.committed(SLOT, BATCH);
    for (CommitCertificate other :
        List.of(
            new CommitCertificate(0, 5, 78, BATCH, good.commits()),
            new CommitCertificate(0, 6, 77, BATCH, good.commits()),
            new CommitCertificate(1, 5, 77, BATCH, good.commits()),
            new CommitCertificate(0, 5, 77, Batch.NULL, good.commits()),
            with(good, cluster.prepared(SLOT, BATCH).prepares()))) {
      assertEquals(Fault.BAD_CERTIFICATE, fault(other));
    }
  }

  @Test
  @DisplayName("S24 a vote over several slots counts for each of them, and for no other")
  void countsVotesOverSeveralSlots() {
    List<Signed<Vote>> votes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      List<SlotDigest> slots =
          List.of(new SlotDigest(76, Batch.NULL.digest()), new SlotDigest(77, BATCH.digest()));
      votes.add(cluster.sign(new Vote(VotePhase.COMMIT, Cluster.replica(i), 0, 5, slots)));
    }
    assertTrue(judge(new CommitCertificate(0, 5, 77, BATCH, votes)).passed());
    assertTrue(judge(new CommitCertificate(0, 5, 76, Batch.NULL, votes)).passed());
    assertEquals(Fault.BAD_CERTIFICATE, fault(new CommitCertificate(0, 5, 76, BATCH, votes)));
  }

  @Test
  void wantsThePrimarysProposalAndOthersPrepares() {
    PreparedCertificate good = cluster.prepared(SLOT, BATCH);
    Signed<Vote> usurper = cluster.vote(VotePhase.PRE_PREPARE, 3, SLOT, BATCH);
    assertEquals(
        Fault.BAD_CERTIFICATE, fault(new PreparedCertificate(77, BATCH, usurper, good.prepares())));
    List<Signed<Vote>> prepares = new ArrayList<>(good.prepares());
    prepares.set(0, cluster.vote(VotePhase.PREPARE, 1, SLOT, BATCH));
    assertEquals(
        Fault.BAD_CERTIFICATE,
        fault(new PreparedCertificate(77, BATCH, good.prePrepare(), prepares)));
  }

  @Test
  void wantsCheckpointsThatAgree() {
    StableCheckpoint good = cluster.stable(128);
    assertTrue(verifier.stableCheckpoint(good).passed());
    List<Signed<Checkpoint>> mixed = new ArrayList<>(good.checkpoints());
    mixed.set(2, cluster.checkpoint(2, 256));
    assertEquals(
        Fault.BAD_CERTIFICATE, fault(verifier.stableCheckpoint(new StableCheckpoint(mixed))));
    mixed.set(2, mixed.get(0));
    assertEquals(
        Fault.BAD_CERTIFICATE, fault(verifier.stableCheckpoint(new StableCheckpoint(mixed))));
  }

  @Test
  void wantsAQuorumOnOnePublishedHead() {
    PublishedHead good = cluster.published(Cluster.head(9));
    assertTrue(verifier.publishedHead(good).passed());
    PublishedHead few = new PublishedHead(0, good.head(), good.cosignatures().subList(0, 2));
    assertEquals(Fault.BAD_CERTIFICATE, fault(verifier.publishedHead(few)));
    PublishedHead other = new PublishedHead(0, Cluster.head(10), good.cosignatures());
    assertEquals(Fault.BAD_CERTIFICATE, fault(verifier.publishedHead(other)));
  }

  @Test
  @DisplayName("S34 S35 view-changes are judged with every certificate in them")
  void judgesViewChangesWhole() {
    PreparedCertificate prepared = cluster.prepared(SLOT, BATCH);
    StableCheckpoint stable = cluster.stable(76);
    ViewChangeMessage good = cluster.viewChange(1, 6, List.of(stable), List.of(prepared));
    assertTrue(judge(good).passed());

    ViewChangeMessage stripped = new ViewChangeMessage(good.viewChange(), good.stable(), List.of());
    assertEquals(Fault.DIGEST_MISMATCH, fault(judge(stripped)));
    assertEquals(
        Fault.BAD_CERTIFICATE,
        fault(judge(cluster.viewChange(1, 5, List.of(stable), List.of(prepared)))));
    assertEquals(
        Fault.BAD_SLOTS,
        fault(judge(cluster.viewChange(1, 6, List.of(cluster.stable(77)), List.of(prepared)))));
    StableCheckpoint few = new StableCheckpoint(stable.checkpoints().subList(0, 2));
    assertEquals(
        Fault.BAD_CERTIFICATE, fault(judge(cluster.viewChange(1, 6, List.of(few), List.of()))));
  }

  @Test
  @DisplayName("S32 S33 a new-view is its primary's, with q different view-changes")
  void judgesNewViewsWhole() {
    NewViewMessage good = cluster.newView(6, List.of(BATCH, Batch.NULL));
    assertTrue(judge(good).passed());
    NewView statement = good.newView().statement();

    for (List<NewView.ViewChangeDigest> named :
        List.of(
            List.<NewView.ViewChangeDigest>of(),
            statement.viewChanges().subList(0, 1),
            List.of(
                statement.viewChanges().get(0),
                statement.viewChanges().get(0),
                statement.viewChanges().get(1)))) {
      NewView changed = new NewView(statement.replica(), 0, 6, 0, named, statement.batches());
      assertEquals(
          Fault.BAD_CERTIFICATE,
          fault(judge(new NewViewMessage(cluster.sign(changed), good.prePrepares()))));
    }
    NewView usurped =
        new NewView(Cluster.replica(3), 0, 6, 0, statement.viewChanges(), statement.batches());
    assertEquals(
        Fault.OUT_OF_PLACE,
        fault(judge(new NewViewMessage(cluster.sign(usurped), good.prePrepares()))));
    assertEquals(
        Fault.DIGEST_MISMATCH,
        fault(judge(new NewViewMessage(good.newView(), good.prePrepares().subList(0, 1)))));
  }

  private Verdict<?> judge(PeerMessage message) {
    return verifier.peer(Cluster.replica(1), message);
  }

  private Verdict<?> judge(CommitCertificate certificate) {
    return verifier.record(Cluster.replica(0), new JournalRecord.Committed(certificate));
  }

  private Fault fault(CommitCertificate certificate) {
    return fault(judge(certificate));
  }

  private Fault fault(PreparedCertificate certificate) {
    return fault(verifier.record(Cluster.replica(0), new JournalRecord.Prepared(certificate)));
  }

  private static CommitCertificate with(CommitCertificate good, List<Signed<Vote>> commits) {
    return new CommitCertificate(good.epoch(), good.view(), good.seq(), good.batch(), commits);
  }

  private static Fault fault(Verdict<?> verdict) {
    return assertInstanceOf(Verdict.Failed.class, verdict).failure().fault();
  }
}

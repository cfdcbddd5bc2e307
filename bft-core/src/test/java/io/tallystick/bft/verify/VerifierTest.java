package io.tallystick.bft.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.Payload;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.HeadVote;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.Request;
import io.tallystick.bft.message.RequestKind;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final Cluster CLUSTER = new Cluster(4, Parameters.defaults());
  private static final ReplicaId PEER = Cluster.replica(1);
  private static final Slot SLOT = new Slot(5, 77);

  private final Verifier verifier = CLUSTER.verifier();
  private final Bundle bundle = CLUSTER.bundle(1, 0, 3);
  private final Batch batch = Cluster.batch(List.of(bundle));

  @Test
  void passesWhatCorrectReplicasSay() {
    for (PeerMessage message :
        List.of(
            CLUSTER.prePrepare(SLOT, batch),
            new Ballot(CLUSTER.vote(VotePhase.PREPARE, 3, SLOT, batch)),
            new PeerMessage.CheckpointVote(CLUSTER.checkpoint(2, 128)),
            new PeerMessage.StableProof(CLUSTER.stable(128)),
            new HeadVote(CLUSTER.cosignature(1, Cluster.head(9), 17)),
            new Status(
                PEER,
                0,
                5,
                76,
                0,
                List.of(new PeerMessage.Missing(77, true, 0, 0)),
                new PeerMessage.Standing(true, 5)),
            new PeerMessage.FetchBundles(List.of(bundle.digest())),
            new BundleBody(bundle),
            new PeerMessage.FetchBatches(1, 1),
            new PeerMessage.PendingBundles(List.of(bundle.digest())),
            new PeerMessage.FetchViewChanges(
                6, CLUSTER.newView(6, List.of()).newView().statement().viewChanges()),
            CLUSTER.committedBatch(77, List.of(bundle)))) {
      assertEquals(message, verifier.peer(PEER, message).orThrow().value());
    }
  }

  @Test
  @DisplayName("S3 a status that names another replica than the session's peer is refused")
  void refusesAStatusInAnothersName() {
    Status status =
        new Status(Cluster.replica(2), 0, 0, 0, 0, List.of(), new PeerMessage.Standing(true, 0));
    assertEquals(Fault.WRONG_PEER, fault(status));
  }

  @Test
  @DisplayName("S10 a bundle that its client didn't sign is refused")
  void refusesABundleThatIsNotItsClients() {
    Bundle another = CLUSTER.bundle(2, bundle.requests());
    Bundle forged =
        new Bundle(bundle.client(), bundle.requests(), bundle.digest(), another.signature());
    assertEquals(Fault.BAD_SIGNATURE, fault(new BundleBody(forged)));
  }

  @Test
  @DisplayName("S10 a bundle whose requests were changed after signing is refused")
  void refusesAChangedBundle() {
    List<Request> changed = List.of(CLUSTER.request(0, "{}"));
    assertEquals(
        Fault.DIGEST_MISMATCH,
        fault(
            new BundleBody(
                new Bundle(bundle.client(), changed, bundle.digest(), bundle.signature()))));
  }

  @Test
  @DisplayName("S10 a payload that isn't what its commitment stands for is refused")
  void refusesAPayloadBesideItsCommitment() {
    Request request = CLUSTER.request(0, "{}");
    Payload payload = request.payload();
    Payload other = new Payload(payload.salt(), Bytes.utf8("[]"), payload.commitment());
    Bundle signed = CLUSTER.bundle(1, List.of(with(request, request.stream(), other)));
    assertEquals(Fault.DIGEST_MISMATCH, fault(new BundleBody(signed)));
  }

  @Test
  void refusesNamesThatBreakTheRules() {
    Request good = CLUSTER.request(0, "{}");
    for (String stream : List.of("", "_system", "Upper", ".dot", "a b", "x".repeat(129))) {
      assertEquals(Fault.BAD_NAME, fault(signed(with(good, stream, good.payload()))), stream);
    }
    for (String principal : List.of("", "a\nb", "\u0085", "ä".repeat(128))) {
      Request bad =
          new Request(
              RequestKind.APPEND,
              principal,
              good.id(),
              good.stream(),
              "",
              good.payload(),
              good.deadlineMicros());
      assertEquals(Fault.BAD_NAME, fault(signed(bad)), principal);
    }
    Request barrier =
        new Request(RequestKind.BARRIER, "p", good.id(), "audit", "", good.payload(), 1);
    assertEquals(Fault.BAD_NAME, fault(signed(barrier)));
  }

  @Test
  @DisplayName("S20 a bundle over a limit is refused, one at it passes")
  void refusesBundlesOverTheLimits() {
    int most = CLUSTER.parameters().bundleRequestsMax();
    assertTrue(verifier.bundle(CLUSTER.bundle(1, 0, most)).passed());
    assertEquals(Fault.OVER_LIMIT, fault(new BundleBody(CLUSTER.bundle(1, 0, most + 1))));
    assertEquals(Fault.OVER_LIMIT, fault(new BundleBody(CLUSTER.bundle(1, 0, 0))));
  }

  @Test
  @DisplayName("S23 a vote for another cluster, view, seq, phase or epoch doesn't verify")
  void refusesVotesSignedForSomethingElse() {
    Vote vote = Vote.of(VotePhase.PREPARE, Cluster.replica(3), 0, SLOT, batch.digest());
    byte[] elsewhere = vote.signedBytes(Cluster.digest("another genesis"));
    Signed<Vote> foreign =
        new Signed<>(vote, Ed25519.sign(CLUSTER.identityKey(vote.replica()), elsewhere));
    assertEquals(Fault.BAD_SIGNATURE, fault(new Ballot(foreign)));

    Signed<Vote> good = CLUSTER.sign(vote);
    for (Vote other :
        List.of(
            Vote.of(VotePhase.COMMIT, vote.replica(), 0, SLOT, batch.digest()),
            Vote.of(VotePhase.PREPARE, vote.replica(), 0, new Slot(6, 77), batch.digest()),
            Vote.of(VotePhase.PREPARE, vote.replica(), 0, new Slot(5, 78), batch.digest()),
            Vote.of(VotePhase.PREPARE, vote.replica(), 0, SLOT, Digest.ZERO),
            Vote.of(VotePhase.PREPARE, Cluster.replica(2), 0, SLOT, batch.digest()))) {
      assertEquals(Fault.BAD_SIGNATURE, fault(new Ballot(new Signed<>(other, good.signature()))));
    }
    Vote later = Vote.of(VotePhase.PREPARE, vote.replica(), 1, SLOT, batch.digest());
    assertEquals(Fault.WRONG_EPOCH, fault(new Ballot(CLUSTER.sign(later))));
  }

  @Test
  @DisplayName("S25 a statement under a key that isn't the replica's identity key doesn't verify")
  void refusesOtherKeys() {
    Vote vote = Vote.of(VotePhase.PREPARE, Cluster.replica(3), 0, SLOT, batch.digest());
    byte[] layout = vote.signedBytes(CLUSTER.id());
    for (var key :
        List.of(CLUSTER.clientKey(1), CLUSTER.cosignatureKey(vote.replica()), CLUSTER.logKey())) {
      Signed<Vote> signed = new Signed<>(vote, Ed25519.sign(key, layout));
      assertEquals(Fault.BAD_SIGNATURE, fault(new Ballot(signed)));
    }
    Vote stranger = Vote.of(VotePhase.PREPARE, new ReplicaId(99), 0, SLOT, batch.digest());
    assertEquals(Fault.UNKNOWN_REPLICA, fault(new Ballot(CLUSTER.sign(stranger))));
  }

  @Test
  void refusesVotesWithSlotsOutOfOrder() {
    SlotDigest slot = new SlotDigest(7, batch.digest());
    for (List<SlotDigest> slots :
        List.of(
            List.<SlotDigest>of(),
            List.of(slot, slot),
            List.of(slot, new SlotDigest(6, batch.digest())),
            List.of(new SlotDigest(0, batch.digest())))) {
      Vote vote = new Vote(VotePhase.COMMIT, Cluster.replica(3), 0, 0, slots);
      assertEquals(Fault.BAD_SLOTS, fault(new Ballot(CLUSTER.sign(vote))));
    }
  }

  @Test
  void refusesPhasesOutOfPlace() {
    Signed<Vote> proposal = CLUSTER.prePrepare(SLOT, batch).vote();
    assertEquals(Fault.OUT_OF_PLACE, fault(new Ballot(proposal)));
    Signed<Vote> prepare = CLUSTER.vote(VotePhase.PREPARE, 1, SLOT, batch);
    assertEquals(Fault.OUT_OF_PLACE, fault(new PrePrepare(prepare, List.of(batch))));
  }

  @Test
  void refusesProposalsWhoseBatchesAreOthers() {
    Signed<Vote> vote = CLUSTER.prePrepare(SLOT, batch).vote();
    assertEquals(Fault.DIGEST_MISMATCH, fault(new PrePrepare(vote, List.of(Batch.NULL))));
    assertEquals(Fault.DIGEST_MISMATCH, fault(new PrePrepare(vote, List.of())));
  }

  @Test
  void refusesCommittedBatchesWithOtherBodies() {
    CommittedBatch good = CLUSTER.committedBatch(77, List.of(bundle));
    Bundle other = CLUSTER.bundle(2, 0, 1);
    for (List<Bundle> bodies : List.of(List.<Bundle>of(), List.of(other), List.of(bundle, other))) {
      assertEquals(Fault.DIGEST_MISMATCH, fault(new CommittedBatch(good.certificate(), bodies)));
    }
  }

  @Test
  void verifiesCosignaturesUnderTheKeyForHeadsAlone() {
    HeadCosignature good = CLUSTER.cosignature(1, Cluster.head(9), 17);
    assertTrue(verifier.cosignature(good).passed());
    for (HeadCosignature bad :
        List.of(
            new HeadCosignature(good.replica(), good.head(), 18, good.signature()),
            new HeadCosignature(good.replica(), Cluster.head(8), 17, good.signature()),
            new HeadCosignature(Cluster.replica(2), good.head(), 17, good.signature()))) {
      assertEquals(Fault.BAD_SIGNATURE, fault(new HeadVote(bad)));
    }
  }

  @Test
  void refusesJournalRecordsThatAnotherReplicaVouchedFor() {
    Signed<Checkpoint> checkpoint = CLUSTER.checkpoint(2, 128);
    JournalRecord record = new JournalRecord.OwnCheckpoint(checkpoint);
    assertTrue(verifier.record(Cluster.replica(2), record).passed());
    assertEquals(Fault.WRONG_PEER, fault(verifier.record(Cluster.replica(1), record)));
  }

  @Test
  void remembersOnlyWhatVerified() {
    SignatureCache cache = new SignatureCache(100);
    byte[] signed = {1, 2, 3};
    var key = CLUSTER.clientKey(1);
    var good = Ed25519.sign(key, signed);
    for (int i = 0; i < 2; i++) {
      assertTrue(cache.verify(key.publicKey(), signed, good));
      assertTrue(!cache.verify(key.publicKey(), new byte[] {1, 2, 4}, good));
      assertTrue(!cache.verify(CLUSTER.clientKey(2).publicKey(), signed, good));
    }
  }

  private static BundleBody signed(Request request) {
    return new BundleBody(CLUSTER.bundle(1, List.of(request)));
  }

  private static Request with(Request request, String stream, Payload payload) {
    return new Request(
        request.kind(),
        request.principal(),
        request.id(),
        stream,
        request.contentType(),
        payload,
        request.deadlineMicros());
  }

  private Fault fault(PeerMessage message) {
    return fault(verifier.peer(PEER, message));
  }

  private static Fault fault(Verdict<?> verdict) {
    return assertInstanceOf(Verdict.Failed.class, verdict).failure().fault();
  }
}

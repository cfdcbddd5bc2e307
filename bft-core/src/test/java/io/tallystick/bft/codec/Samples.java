package io.tallystick.bft.codec;

import io.tallystick.bft.fixture.Cluster;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.Slot;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One or more of every kind that travels or is written down. */
final class Samples {
  static final Cluster CLUSTER = new Cluster(4, Parameters.defaults());

  private static final Bundle BUNDLE = CLUSTER.bundle(1, 0, 3);
  private static final Batch BATCH = Cluster.batch(List.of(BUNDLE));
  private static final Slot SLOT = new Slot(5, 77);

  private Samples() {}

  static List<PeerMessage> peer() {
    return List.of(
        CLUSTER.prePrepare(SLOT, BATCH),
        CLUSTER.prePrepare(new Slot(0, 1), Batch.NULL),
        CLUSTER.prePrepare(new Slot(0, 1), new Batch(0, List.of())),
        new PeerMessage.Ballot(CLUSTER.vote(VotePhase.PREPARE, 0, SLOT, BATCH)),
        new PeerMessage.Ballot(CLUSTER.vote(VotePhase.COMMIT, 3, SLOT, BATCH)),
        new PeerMessage.CheckpointVote(CLUSTER.checkpoint(2, 128)),
        new PeerMessage.StableProof(CLUSTER.stable(128)),
        new PeerMessage.HeadVote(CLUSTER.cosignature(1, Cluster.head(9), 1_700_000_000)),
        CLUSTER.viewChange(
            1, 6, List.of(CLUSTER.stable(76)), List.of(CLUSTER.prepared(SLOT, BATCH))),
        CLUSTER.viewChange(0, 1, List.of(), List.of()),
        CLUSTER.newView(6, List.of(BATCH, Batch.NULL)),
        new PeerMessage.Status(
            new ReplicaId(0),
            0,
            3,
            76,
            0,
            List.of(
                new PeerMessage.Missing(77, true, 0, 0),
                new PeerMessage.Missing(80, false, 5, 0x1fff)),
            new PeerMessage.Standing(true, 0x1005)),
        new PeerMessage.FetchViewChanges(
            6, CLUSTER.newView(6, List.of()).newView().statement().viewChanges()),
        new PeerMessage.FetchBundles(List.of(BUNDLE.digest(), Cluster.digest("another"))),
        new PeerMessage.BundleBody(BUNDLE),
        new PeerMessage.FetchBatches(1, 500),
        new PeerMessage.PendingBundles(List.of(BUNDLE.digest())),
        CLUSTER.committedBatch(77, List.of(BUNDLE, CLUSTER.bundle(2, 9, 1))));
  }

  static List<Ask> asks() {
    return List.of(
        new Submit(BUNDLE),
        new AskFull(BUNDLE.digest()),
        new AskOutcome(-1, "ci@example.com", BUNDLE.requests().getFirst().id(), 17),
        new AskHead(0),
        new AskRead(3, Bytes.utf8("what?")),
        new AskStanding(4));
  }

  static List<Answer> answers() {
    Tip tip = new Tip(0, 77, 1_700_000_000_000_000L);
    Signature log = Ed25519.sign(CLUSTER.logKey(), new byte[] {1});
    var head = CLUSTER.cosignature(1, Cluster.head(9), 1_700_000_000);
    List<Outcome> outcomes = new ArrayList<>();
    for (OutcomeKind kind : OutcomeKind.values()) {
      outcomes.add(Outcome.of(kind));
    }
    outcomes.add(Outcome.committed(41));
    outcomes.add(Outcome.refused(OutcomeKind.REJECTED, "grund: zu groß"));
    List<Answer> answers = new ArrayList<>();
    answers.add(new Greeting(new Tip(0, 0, 0)));
    answers.add(new BundleReply(tip, BUNDLE.digest(), outcomes, head, Optional.empty()));
    answers.add(
        new BundleReply(
            tip,
            BUNDLE.digest(),
            outcomes,
            head,
            Optional.of(new Full(log, Bytes.utf8("proofs")))));
    for (RefusalReason reason : RefusalReason.values()) {
      answers.add(new Refusal(BUNDLE.digest(), reason, "why", 100));
    }
    answers.add(new OutcomeAnswer(-7, tip, Outcome.committed(3)));
    answers.add(new HeadAnswer(1, tip, Optional.empty()));
    answers.add(
        new HeadAnswer(
            1, tip, Optional.of(new LoggedHead(CLUSTER.published(Cluster.head(9)), log))));
    answers.add(new ReadAnswer(2, tip, Bytes.EMPTY));
    answers.add(new ReadAnswer(2, tip, Bytes.utf8("an answer")));
    answers.add(new Standing(8, new ReplicaId(2), tip, 5, 64, Cluster.head(9), "0.1.0", true));
    return answers;
  }

  static List<JournalRecord> records() {
    return List.of(
        new JournalRecord.Body(77, BUNDLE),
        new JournalRecord.Proposal(CLUSTER.prePrepare(SLOT, BATCH)),
        new JournalRecord.OwnVote(CLUSTER.vote(VotePhase.PREPARE, 0, SLOT, BATCH)),
        new JournalRecord.Prepared(CLUSTER.prepared(SLOT, BATCH)),
        new JournalRecord.Committed(CLUSTER.committed(SLOT, BATCH)),
        new JournalRecord.OwnCheckpoint(CLUSTER.checkpoint(0, 128)),
        new JournalRecord.Stable(CLUSTER.stable(128)),
        new JournalRecord.InView(0, 0, true),
        new JournalRecord.OwnViewChange(CLUSTER.viewChange(0, 1, List.of(), List.of())),
        new JournalRecord.AcceptedNewView(CLUSTER.newView(6, List.of(BATCH))),
        new JournalRecord.Started(3, -9));
  }
}

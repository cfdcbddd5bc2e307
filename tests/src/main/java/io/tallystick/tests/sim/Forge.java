package io.tallystick.tests.sim;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.note.Cosignature;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A liar's tools: his own keys, and no others. */
final class Forge {
  private final Cluster cluster;
  private final int index;
  private final Dice dice;

  Forge(Cluster cluster, int index) {
    this.cluster = cluster;
    this.index = index;
    this.dice = cluster.dice("liar " + index);
  }

  Dice dice() {
    return dice;
  }

  int index() {
    return index;
  }

  Cluster cluster() {
    return cluster;
  }

  int n() {
    return cluster.setting().n();
  }

  ReplicaId self() {
    return cluster.setting().id(index);
  }

  boolean isOwn(Signed<? extends Statement> signed) {
    return signed.replica().equals(self());
  }

  /** Signs with his key, whoever the statement says makes it. */
  <S extends Statement> Signed<S> sign(S statement) {
    byte[] layout = statement.signedBytes(cluster.setting().genesis().hash());
    return new Signed<>(statement, cluster.identity(index).sign(layout));
  }

  /** A prepare or commit of his. */
  Ballot ballot(VotePhase phase, long view, long seq, Batch batch) {
    SlotDigest slot = new SlotDigest(seq, batch.digest());
    return new Ballot(
        sign(new Vote(phase, self(), cluster.setting().membership().epoch(), view, List.of(slot))));
  }

  /** A proposal with other batches. */
  PrePrepare proposal(PrePrepare original, UnaryOperator<Batch> change) {
    Vote vote = original.vote().statement();
    List<Batch> batches = original.batches().stream().map(change).toList();
    List<SlotDigest> slots = new ArrayList<>();
    for (int i = 0; i < batches.size(); i++) {
      slots.add(new SlotDigest(vote.slots().get(i).seq(), batches.get(i).digest()));
    }
    return new PrePrepare(
        sign(new Vote(vote.phase(), vote.replica(), vote.epoch(), vote.view(), slots)), batches);
  }

  /** A view-change with other certificates. */
  ViewChangeMessage viewChange(
      long newView, List<StableCheckpoint> stable, List<PreparedCertificate> prepared) {
    long stableSeq = stable.isEmpty() ? 0 : stable.getFirst().seq();
    return new ViewChangeMessage(
        sign(
            new ViewChange(
                self(),
                cluster.setting().membership().epoch(),
                newView,
                stableSeq,
                PeerCodec.certificates(stable, prepared))),
        stable,
        prepared);
  }

  /** A checkpoint of his with another state. */
  PeerMessage.CheckpointVote checkpoint(Checkpoint real, long seq) {
    return new PeerMessage.CheckpointVote(
        sign(
            new Checkpoint(
                self(), real.epoch(), seq, real.head(), io.tallystick.crypto.Digest.ZERO)));
  }

  /** His cosignature on any head. */
  PeerMessage.HeadVote head(TreeHead head, long timeSeconds) {
    byte[] layout = Cosignature.message(timeSeconds, Heads.note(cluster.setting().genesis(), head));
    return new PeerMessage.HeadVote(
        new HeadCosignature(self(), head, timeSeconds, cluster.cosigner(index).sign(layout)));
  }

  /** Some peer. */
  int peer() {
    int other = dice.below(n() - 1);
    return other < index ? other : other + 1;
  }

  /** Says it to everybody. */
  void toAll(PeerMessage message, Lie.Sink out) {
    for (int to = 0; to < n(); to++) {
      if (to != index) {
        out.send(to, message);
      }
    }
  }
}

package io.tallystick.bft.codec;

import io.tallystick.bft.codec.WireReader.Count;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import java.util.List;

/** What replicas sign, and the certificates made of it. */
record StatementCodec(CodecLimits limits, BundleCodec bundles) {
  private static final Count SIGNERS = new Count(1, CodecLimits.REPLICAS_MAX);

  static void writeVote(WireWriter out, Signed<Vote> signed) {
    Vote vote = signed.statement();
    out.bytes(6, signed.signature().encoded());
    out.messages(
        5,
        vote.slots(),
        slot -> {
          out.bytes(2, slot.batch().unsafeArray());
          out.integer(1, slot.seq());
        });
    out.integer(4, vote.view());
    out.integer(3, vote.epoch());
    out.integer(2, vote.replica().value());
    out.integer(1, code(vote.phase()));
  }

  static void writeCheckpoint(WireWriter out, Signed<Checkpoint> signed) {
    Checkpoint checkpoint = signed.statement();
    out.bytes(6, signed.signature().encoded());
    out.bytes(5, checkpoint.stateDigest().unsafeArray());
    out.message(4, () -> writeHead(out, checkpoint.head()));
    out.integer(3, checkpoint.seq());
    out.integer(2, checkpoint.epoch());
    out.integer(1, checkpoint.replica().value());
  }

  static void writeStable(WireWriter out, StableCheckpoint stable) {
    out.messages(1, stable.checkpoints(), checkpoint -> writeCheckpoint(out, checkpoint));
  }

  static void writeHead(WireWriter out, TreeHead head) {
    out.bytes(2, head.root().unsafeArray());
    out.integer(1, head.size());
  }

  static void writeCosignature(WireWriter out, HeadCosignature cosignature) {
    out.bytes(4, cosignature.signature().encoded());
    out.integer(3, cosignature.timeSeconds());
    out.message(2, () -> writeHead(out, cosignature.head()));
    out.integer(1, cosignature.replica().value());
  }

  static void writePrepared(WireWriter out, PreparedCertificate certificate) {
    out.messages(4, certificate.prepares(), vote -> writeVote(out, vote));
    out.message(3, () -> writeVote(out, certificate.prePrepare()));
    out.message(2, () -> BundleCodec.write(out, certificate.batch()));
    out.integer(1, certificate.seq());
  }

  static void writeCommitCertificate(WireWriter out, CommitCertificate certificate) {
    out.messages(5, certificate.commits(), vote -> writeVote(out, vote));
    out.message(4, () -> BundleCodec.write(out, certificate.batch()));
    out.integer(3, certificate.seq());
    out.integer(2, certificate.view());
    out.integer(1, certificate.epoch());
  }

  Signed<Vote> vote(WireReader in) throws MalformedMessage {
    VotePhase phase =
        switch ((int) in.bounded(1, "phase", 3)) {
          case 1 -> VotePhase.PRE_PREPARE;
          case 2 -> VotePhase.PREPARE;
          case 3 -> VotePhase.COMMIT;
          default -> throw new MalformedMessage("phase", "absent (expected: 1 to 3)");
        };
    ReplicaId replica = in.replica(2);
    long epoch = in.u32(3, "epoch");
    long view = in.number(4, "view");
    Count count = new Count(1, limits.parameters().voteSlotsMax());
    List<SlotDigest> slots = in.messages(5, "slots", count, StatementCodec::slotDigest);
    Signature signature = in.signature(6, "signature");
    return new Signed<>(new Vote(phase, replica, epoch, view, slots), signature);
  }

  static Signed<Checkpoint> checkpoint(WireReader in) throws MalformedMessage {
    ReplicaId replica = in.replica(1);
    long epoch = in.u32(2, "epoch");
    long seq = in.number(3, "seq");
    TreeHead head = in.message(4, "head", StatementCodec::head);
    Digest stateDigest = in.digest(5, "state_digest");
    Signature signature = in.signature(6, "signature");
    return new Signed<>(new Checkpoint(replica, epoch, seq, head, stateDigest), signature);
  }

  static StableCheckpoint stable(WireReader in) throws MalformedMessage {
    return new StableCheckpoint(in.messages(1, "checkpoints", SIGNERS, StatementCodec::checkpoint));
  }

  static TreeHead head(WireReader in) throws MalformedMessage {
    return new TreeHead(in.number(1, "size"), in.digest(2, "root"));
  }

  static HeadCosignature cosignature(WireReader in) throws MalformedMessage {
    ReplicaId replica = in.replica(1);
    TreeHead head = in.message(2, "head", StatementCodec::head);
    long time = in.number(3, "time_seconds");
    return new HeadCosignature(replica, head, time, in.signature(4, "signature"));
  }

  PreparedCertificate prepared(WireReader in) throws MalformedMessage {
    long seq = in.number(1, "seq");
    Batch batch = in.message(2, "batch", bundles::batch);
    Signed<Vote> prePrepare = in.message(3, "pre_prepare", this::vote);
    List<Signed<Vote>> prepares = in.messages(4, "prepares", SIGNERS, this::vote);
    return new PreparedCertificate(seq, batch, prePrepare, prepares);
  }

  CommitCertificate commitCertificate(WireReader in) throws MalformedMessage {
    long epoch = in.u32(1, "epoch");
    long view = in.number(2, "view");
    long seq = in.number(3, "seq");
    Batch batch = in.message(4, "batch", bundles::batch);
    List<Signed<Vote>> commits = in.messages(5, "commits", SIGNERS, this::vote);
    return new CommitCertificate(epoch, view, seq, batch, commits);
  }

  private static SlotDigest slotDigest(WireReader in) throws MalformedMessage {
    return new SlotDigest(in.number(1, "seq"), in.digest(2, "batch"));
  }

  private static int code(VotePhase phase) {
    return switch (phase) {
      case PRE_PREPARE -> 1;
      case PREPARE -> 2;
      case COMMIT -> 3;
    };
  }
}

package io.tallystick.bft.codec;

import io.tallystick.bft.codec.WireReader.Count;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.Ballot;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.CheckpointVote;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.FetchBatches;
import io.tallystick.bft.message.PeerMessage.FetchBundles;
import io.tallystick.bft.message.PeerMessage.FetchViewChanges;
import io.tallystick.bft.message.PeerMessage.HeadVote;
import io.tallystick.bft.message.PeerMessage.Missing;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PendingBundles;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.StableProof;
import io.tallystick.bft.message.PeerMessage.Standing;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.util.List;

/** Encodes and decodes what replicas say to each other ({@code peer.proto}). */
public final class PeerCodec {
  private final CodecLimits limits;
  private final BundleCodec bundles;
  private final StatementCodec statements;
  private final ViewChangeCodec viewChanges;

  /** For a cluster with these parameters. */
  public PeerCodec(Parameters parameters) {
    limits = new CodecLimits(parameters);
    bundles = new BundleCodec(limits);
    statements = new StatementCodec(limits, bundles);
    viewChanges = new ViewChangeCodec(limits, statements, bundles);
  }

  /** The payload of a frame that carries {@code message}. */
  public Bytes encode(PeerMessage message) {
    WireWriter out = new WireWriter(sizeHint(message));
    write(out, message);
    return out.toBytes();
  }

  /**
   * The message that a frame's payload is.
   *
   * @throws MalformedMessage when it is none, or over a limit
   */
  public PeerMessage decode(Bytes payload) throws MalformedMessage {
    return WireReader.read("peer", payload, limits.messageBytesMax(), this::message);
  }

  /** An executed batch as the archive keeps it: the same bytes that travel, without their kind. */
  public Bytes encodeArchived(CommittedBatch batch) {
    WireWriter out = new WireWriter(sizeHint(batch));
    write(out, batch);
    return out.toBytes();
  }

  /**
   * Decodes what {@link #encodeArchived} made.
   *
   * @throws MalformedMessage when it is none, or over a limit
   */
  public CommittedBatch decodeArchived(Bytes bytes) throws MalformedMessage {
    return WireReader.read("batch", bytes, limits.messageBytesMax(), this::committedBatch);
  }

  /** The payload of a frame that carries a batch as the archive has it, without decoding it. */
  public static Bytes frameOfArchived(Bytes archived) {
    WireWriter out = new WireWriter(archived.size() + 16);
    out.bytes(12, archived);
    return out.toBytes();
  }

  /** SHA-256 of a view-change's certificates as they are sent. */
  public static Digest certificates(
      List<StableCheckpoint> stable, List<PreparedCertificate> prepared) {
    WireWriter out = new WireWriter(1_024);
    ViewChangeCodec.writeCertificates(out, stable, prepared);
    return Digest.sha256(out.toBytes());
  }

  private static void write(WireWriter out, PeerMessage message) {
    switch (message) {
      case PrePrepare m -> out.message(1, () -> ViewChangeCodec.writePrePrepare(out, m));
      case Ballot m -> out.message(2, () -> StatementCodec.writeVote(out, m.vote()));
      case CheckpointVote m ->
          out.message(3, () -> StatementCodec.writeCheckpoint(out, m.checkpoint()));
      case StableProof m -> out.message(4, () -> StatementCodec.writeStable(out, m.checkpoint()));
      case HeadVote m ->
          out.message(5, () -> StatementCodec.writeCosignature(out, m.cosignature()));
      case ViewChangeMessage m -> out.message(6, () -> ViewChangeCodec.writeViewChange(out, m));
      case NewViewMessage m -> out.message(7, () -> ViewChangeCodec.writeNewView(out, m));
      case Status m -> out.message(8, () -> write(out, m));
      case FetchBundles m -> out.message(9, () -> BundleCodec.writeDigests(out, 1, m.digests()));
      case BundleBody m -> out.message(10, () -> BundleCodec.write(out, m.bundle()));
      case FetchBatches m ->
          out.message(
              11,
              () -> {
                out.integer(2, m.toSeq());
                out.integer(1, m.fromSeq());
              });
      case CommittedBatch m -> out.message(12, () -> write(out, m));
      case PendingBundles m -> out.message(14, () -> BundleCodec.writeDigests(out, 1, m.digests()));
      case FetchViewChanges m ->
          out.message(13, () -> ViewChangeCodec.writeFetchViewChanges(out, m));
    }
  }

  private PeerMessage message(WireReader in) throws MalformedMessage {
    int kind = in.nextField();
    return switch (kind) {
      case 1 -> in.message(1, "pre_prepare", viewChanges::prePrepare);
      case 2 -> new Ballot(in.message(2, "ballot", statements::vote));
      case 3 -> new CheckpointVote(in.message(3, "checkpoint", StatementCodec::checkpoint));
      case 4 -> new StableProof(in.message(4, "stable_proof", StatementCodec::stable));
      case 5 -> new HeadVote(in.message(5, "head_vote", StatementCodec::cosignature));
      case 6 -> in.message(6, "view_change", viewChanges::viewChange);
      case 7 -> in.message(7, "new_view", viewChanges::newView);
      case 8 -> in.message(8, "status", this::status);
      case 9 -> new FetchBundles(in.message(9, "fetch_bundles", this::digests));
      case 10 -> new BundleBody(in.message(10, "bundle_body", bundles::bundle));
      case 11 -> in.message(11, "fetch_batches", PeerCodec::fetchBatches);
      case 12 -> in.message(12, "committed_batch", this::committedBatch);
      case 13 -> in.message(13, "fetch_view_changes", ViewChangeCodec::fetchViewChanges);
      case 14 -> new PendingBundles(in.message(14, "pending_bundles", this::digests));
      default -> throw new MalformedMessage("kind", kind + " (expected: one of PeerMessage)");
    };
  }

  private static void write(WireWriter out, Status status) {
    out.integer(8, Integer.toUnsignedLong(status.standing().viewChanges()));
    out.flag(7, status.standing().active());
    out.messages(
        6,
        status.missing(),
        missing -> {
          out.integer(4, Integer.toUnsignedLong(missing.commits()));
          out.integer(3, Integer.toUnsignedLong(missing.prepares()));
          out.flag(2, missing.proposal());
          out.integer(1, missing.seq());
        });
    out.integer(5, status.stable());
    out.integer(4, status.executed());
    out.integer(3, status.view());
    out.integer(2, status.epoch());
    out.integer(1, status.replica().value());
  }

  private Status status(WireReader in) throws MalformedMessage {
    ReplicaId replica = in.replica(1);
    long epoch = in.u32(2, "epoch");
    long view = in.number(3, "view");
    long executed = in.number(4, "executed");
    long stable = in.number(5, "stable");
    Count window = new Count(0, limits.parameters().window());
    List<Missing> missing = in.messages(6, "missing", window, PeerCodec::missing);
    boolean active = in.flag(7, "active");
    Standing standing = new Standing(active, (int) in.u32(8, "view_changes"));
    return new Status(replica, epoch, view, executed, stable, missing, standing);
  }

  private static Missing missing(WireReader in) throws MalformedMessage {
    long seq = in.number(1, "seq");
    boolean proposal = in.flag(2, "proposal");
    int prepares = (int) in.u32(3, "prepares");
    return new Missing(seq, proposal, prepares, (int) in.u32(4, "commits"));
  }

  private List<Digest> digests(WireReader in) throws MalformedMessage {
    return in.digests(1, "digests", 1, limits.fetchDigestsMax());
  }

  private static FetchBatches fetchBatches(WireReader in) throws MalformedMessage {
    long from = in.number(1, "from_seq");
    long to = in.number(2, "to_seq");
    if (to < from) {
      throw new MalformedMessage("to_seq", to + " (expected: >= " + from + ")");
    }
    return new FetchBatches(from, to);
  }

  private static void write(WireWriter out, CommittedBatch batch) {
    out.messages(2, batch.bundles(), bundle -> BundleCodec.write(out, bundle));
    out.message(1, () -> StatementCodec.writeCommitCertificate(out, batch.certificate()));
  }

  private CommittedBatch committedBatch(WireReader in) throws MalformedMessage {
    CommitCertificate certificate = in.message(1, "certificate", statements::commitCertificate);
    Count count = new Count(0, limits.parameters().batchBundlesMax());
    return new CommittedBatch(certificate, in.messages(2, "bundles", count, bundles::bundle));
  }

  private static int sizeHint(PeerMessage message) {
    return switch (message) {
      case BundleBody body -> hint(List.of(body.bundle()));
      case CommittedBatch batch -> hint(batch.bundles()) + 4_096;
      default -> 512;
    };
  }

  static int hint(List<Bundle> bundles) {
    long sum = 16;
    for (Bundle bundle : bundles) {
      sum += bundle.weightBytes();
    }
    return (int) Math.min(sum, Integer.MAX_VALUE / 2);
  }
}

package io.tallystick.bft.codec;

import io.tallystick.bft.codec.WireReader.Count;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.bft.message.PeerMessage.FetchViewChanges;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import java.util.List;

/** View-changes and new-views, with all that they carry. */
record ViewChangeCodec(CodecLimits limits, StatementCodec statements, BundleCodec bundles) {

  static void writeViewChange(WireWriter out, ViewChangeMessage message) {
    ViewChange viewChange = message.viewChange().statement();
    out.bytes(8, viewChange.certificates().unsafeArray());
    writeCertificates(out, message.stable(), message.prepared());
    out.bytes(5, message.viewChange().signature().encoded());
    out.integer(4, viewChange.stableSeq());
    out.integer(3, viewChange.newView());
    out.integer(2, viewChange.epoch());
    out.integer(1, viewChange.replica().value());
  }

  /** What a view-change's digest of its certificates covers: their fields as sent. */
  static void writeCertificates(
      WireWriter out, List<StableCheckpoint> stable, List<PreparedCertificate> prepared) {
    out.messages(7, prepared, each -> StatementCodec.writePrepared(out, each));
    out.messages(6, stable, each -> StatementCodec.writeStable(out, each));
  }

  static void writeNewView(WireWriter out, NewViewMessage message) {
    NewView newView = message.newView().statement();
    out.messages(8, message.prePrepares(), each -> writePrePrepare(out, each));
    out.bytes(7, message.newView().signature().encoded());
    BundleCodec.writeDigests(out, 6, newView.batches());
    writeNames(out, 5, newView.viewChanges());
    out.integer(4, newView.stableSeq());
    out.integer(3, newView.view());
    out.integer(2, newView.epoch());
    out.integer(1, newView.replica().value());
  }

  static void writeFetchViewChanges(WireWriter out, FetchViewChanges message) {
    writeNames(out, 2, message.wanted());
    out.integer(1, message.view());
  }

  private static void writeNames(WireWriter out, int field, List<ViewChangeDigest> names) {
    out.messages(
        field,
        names,
        each -> {
          out.bytes(2, each.digest().unsafeArray());
          out.integer(1, each.replica().value());
        });
  }

  static void writePrePrepare(WireWriter out, PrePrepare prePrepare) {
    out.messages(2, prePrepare.batches(), batch -> BundleCodec.write(out, batch));
    out.message(1, () -> StatementCodec.writeVote(out, prePrepare.vote()));
  }

  ViewChangeMessage viewChange(WireReader in) throws MalformedMessage {
    ReplicaId replica = in.replica(1);
    long epoch = in.u32(2, "epoch");
    long view = in.number(3, "new_view");
    long stableSeq = in.number(4, "stable_seq");
    Signature signature = in.signature(5, "signature");
    List<StableCheckpoint> stable =
        in.messages(6, "stable", new Count(0, 1), StatementCodec::stable);
    Count window = new Count(0, limits.parameters().window());
    List<PreparedCertificate> prepared = in.messages(7, "prepared", window, statements::prepared);
    Digest certificates = in.digest(8, "certificates");
    ViewChange statement = new ViewChange(replica, epoch, view, stableSeq, certificates);
    return new ViewChangeMessage(new Signed<>(statement, signature), stable, prepared);
  }

  static FetchViewChanges fetchViewChanges(WireReader in) throws MalformedMessage {
    long view = in.number(1, "view");
    return new FetchViewChanges(view, names(in, 2, "wanted"));
  }

  private static List<ViewChangeDigest> names(WireReader in, int field, String name)
      throws MalformedMessage {
    Count replicas = new Count(1, CodecLimits.REPLICAS_MAX);
    return in.messages(
        field,
        name,
        replicas,
        nested -> new ViewChangeDigest(nested.replica(1), nested.digest(2, "digest")));
  }

  NewViewMessage newView(WireReader in) throws MalformedMessage {
    ReplicaId replica = in.replica(1);
    long epoch = in.u32(2, "epoch");
    long view = in.number(3, "view");
    long stableSeq = in.number(4, "stable_seq");
    List<ViewChangeDigest> viewChanges = names(in, 5, "view_changes");
    int window = limits.parameters().window();
    List<Digest> batches = in.digests(6, "batches", 0, window);
    Signature signature = in.signature(7, "signature");
    List<PrePrepare> prePrepares =
        in.messages(8, "pre_prepares", new Count(0, window), this::prePrepare);
    NewView statement = new NewView(replica, epoch, view, stableSeq, viewChanges, batches);
    return new NewViewMessage(new Signed<>(statement, signature), prePrepares);
  }

  PrePrepare prePrepare(WireReader in) throws MalformedMessage {
    var vote = in.message(1, "vote", statements::vote);
    Count slots = new Count(1, limits.parameters().voteSlotsMax());
    return new PrePrepare(vote, in.messages(2, "batches", slots, bundles::batch));
  }
}

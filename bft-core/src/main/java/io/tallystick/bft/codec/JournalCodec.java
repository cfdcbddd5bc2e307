package io.tallystick.bft.codec;

import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.JournalRecord.AcceptedNewView;
import io.tallystick.bft.message.JournalRecord.Body;
import io.tallystick.bft.message.JournalRecord.Committed;
import io.tallystick.bft.message.JournalRecord.InView;
import io.tallystick.bft.message.JournalRecord.OwnCheckpoint;
import io.tallystick.bft.message.JournalRecord.OwnViewChange;
import io.tallystick.bft.message.JournalRecord.OwnVote;
import io.tallystick.bft.message.JournalRecord.Prepared;
import io.tallystick.bft.message.JournalRecord.Proposal;
import io.tallystick.bft.message.JournalRecord.Stable;
import io.tallystick.bft.message.JournalRecord.Started;
import io.tallystick.crypto.Bytes;
import java.util.List;

/** Encodes and decodes what the journal holds ({@code journal.proto}). */
public final class JournalCodec {
  private final CodecLimits limits;
  private final BundleCodec bundles;
  private final StatementCodec statements;
  private final ViewChangeCodec viewChanges;

  /** For a cluster with these parameters. */
  public JournalCodec(Parameters parameters) {
    limits = new CodecLimits(parameters);
    bundles = new BundleCodec(limits);
    statements = new StatementCodec(limits, bundles);
    viewChanges = new ViewChangeCodec(limits, statements, bundles);
  }

  /** Largest record that decodes, in bytes. */
  public int recordBytesMax() {
    return limits.messageBytesMax();
  }

  /** The bytes of one record. */
  public Bytes encode(JournalRecord record) {
    int hint = record instanceof Body body ? PeerCodec.hint(List.of(body.bundle())) + 16 : 512;
    WireWriter out = new WireWriter(hint);
    write(out, record);
    return out.toBytes();
  }

  /**
   * The record that these bytes are.
   *
   * @throws MalformedMessage when they are none, or over a limit
   */
  public JournalRecord decode(Bytes bytes) throws MalformedMessage {
    return WireReader.read("record", bytes, limits.messageBytesMax(), this::record);
  }

  private static void write(WireWriter out, JournalRecord record) {
    switch (record) {
      case Body r ->
          out.message(
              1,
              () -> {
                out.message(2, () -> BundleCodec.write(out, r.bundle()));
                out.integer(1, r.seq());
              });
      case Proposal r -> out.message(2, () -> ViewChangeCodec.writePrePrepare(out, r.prePrepare()));
      case OwnVote r -> out.message(3, () -> StatementCodec.writeVote(out, r.vote()));
      case Prepared r -> out.message(4, () -> StatementCodec.writePrepared(out, r.certificate()));
      case Committed r ->
          out.message(5, () -> StatementCodec.writeCommitCertificate(out, r.certificate()));
      case OwnCheckpoint r ->
          out.message(6, () -> StatementCodec.writeCheckpoint(out, r.checkpoint()));
      case Stable r -> out.message(7, () -> StatementCodec.writeStable(out, r.checkpoint()));
      case InView r ->
          out.message(
              8,
              () -> {
                out.flag(3, r.active());
                out.integer(2, r.view());
                out.integer(1, r.epoch());
              });
      case OwnViewChange r ->
          out.message(9, () -> ViewChangeCodec.writeViewChange(out, r.message()));
      case AcceptedNewView r ->
          out.message(10, () -> ViewChangeCodec.writeNewView(out, r.message()));
      case Started r ->
          out.message(
              11,
              () -> {
                out.integer(2, r.startId());
                out.integer(1, r.incarnation());
              });
    }
  }

  private JournalRecord record(WireReader in) throws MalformedMessage {
    int kind = in.nextField();
    return switch (kind) {
      case 1 ->
          in.message(
              1,
              "body",
              nested ->
                  new Body(nested.number(1, "seq"), nested.message(2, "bundle", bundles::bundle)));
      case 2 -> new Proposal(in.message(2, "proposal", viewChanges::prePrepare));
      case 3 -> new OwnVote(in.message(3, "own_vote", statements::vote));
      case 4 -> new Prepared(in.message(4, "prepared", statements::prepared));
      case 5 -> new Committed(in.message(5, "committed", statements::commitCertificate));
      case 6 -> new OwnCheckpoint(in.message(6, "own_checkpoint", StatementCodec::checkpoint));
      case 7 -> new Stable(in.message(7, "stable", StatementCodec::stable));
      case 8 ->
          in.message(
              8,
              "in_view",
              nested ->
                  new InView(
                      nested.u32(1, "epoch"), nested.number(2, "view"), nested.flag(3, "active")));
      case 9 -> new OwnViewChange(in.message(9, "own_view_change", viewChanges::viewChange));
      case 10 -> new AcceptedNewView(in.message(10, "accepted_new_view", viewChanges::newView));
      case 11 ->
          in.message(
              11,
              "started",
              nested ->
                  new Started(nested.number(1, "incarnation"), nested.anyLong(2, "start_id")));
      default -> throw new MalformedMessage("kind", kind + " (expected: 1 to 11)");
    };
  }
}

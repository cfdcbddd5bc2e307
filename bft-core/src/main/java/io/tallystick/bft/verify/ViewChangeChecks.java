package io.tallystick.bft.verify;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.NewView;
import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.bft.message.PeerMessage.NewViewMessage;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.ViewChange;
import io.tallystick.bft.message.Vote;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must hold of view-changes and new-views by themselves, with all that they carry. */
final class ViewChangeChecks {
  private final Membership membership;
  private final Parameters parameters;
  private final StatementChecks statements;
  private final CertificateChecks certificates;

  ViewChangeChecks(
      Membership membership,
      Parameters parameters,
      StatementChecks statements,
      CertificateChecks certificates) {
    this.membership = membership;
    this.parameters = parameters;
    this.statements = statements;
    this.certificates = certificates;
  }

  @Nullable Failure viewChange(ViewChangeMessage message) {
    ViewChange statement = message.viewChange().statement();
    Failure failure = statements.signed(message.viewChange());
    if (failure != null) {
      return failure;
    }
    if (statement.newView() < 1) {
      return new Failure(
          Fault.OUT_OF_PLACE, "new view: " + statement.newView() + " (expected: >= 1)");
    }
    Digest digest = PeerCodec.certificates(message.stable(), message.prepared());
    if (!digest.equals(statement.certificates())) {
      return new Failure(Fault.DIGEST_MISMATCH, "certificates of " + statement.replica());
    }
    failure = stable(statement, message.stable());
    return failure != null ? failure : prepared(statement, message.prepared());
  }

  private @Nullable Failure stable(ViewChange statement, List<StableCheckpoint> stable) {
    int expected = statement.stableSeq() == 0 ? 0 : 1;
    if (stable.size() != expected) {
      return new Failure(
          Fault.BAD_CERTIFICATE,
          "stable checkpoints: " + stable.size() + " (expected: " + expected + ")");
    }
    if (expected == 0) {
      return null;
    }
    StableCheckpoint proof = stable.getFirst();
    return proof.seq() == statement.stableSeq()
        ? certificates.stable(proof)
        : new Failure(
            Fault.BAD_CERTIFICATE,
            "stable seq: " + proof.seq() + " (expected: " + statement.stableSeq() + ")");
  }

  private @Nullable Failure prepared(ViewChange statement, List<PreparedCertificate> prepared) {
    long last = statement.stableSeq();
    long high = last + parameters.window();
    for (PreparedCertificate certificate : prepared) {
      if (certificate.seq() <= last || certificate.seq() > high) {
        return new Failure(
            Fault.BAD_SLOTS,
            "seq: " + certificate.seq() + " (expected: " + (last + 1) + " to " + high + ")");
      }
      last = certificate.seq();
      Vote proposal = certificate.prePrepare().statement();
      if (proposal.view() >= statement.newView()) {
        return new Failure(
            Fault.BAD_CERTIFICATE,
            "view: " + proposal.view() + " (expected: < " + statement.newView() + ")");
      }
      Failure failure = certificates.prepared(certificate);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  @Nullable Failure newView(NewViewMessage message, PrePrepareCheck prePrepares) {
    NewView statement = message.newView().statement();
    Failure failure = statements.signed(message.newView());
    if (failure != null) {
      return failure;
    }
    ReplicaId primary = membership.primary(statement.view());
    if (!statement.replica().equals(primary)) {
      return new Failure(
          Fault.OUT_OF_PLACE,
          "new-view of " + statement.replica() + " (expected: " + primary + ")");
    }
    failure = quorum(statement);
    return failure != null ? failure : proposals(statement, message.prePrepares(), prePrepares);
  }

  /** Checks one pre-prepare with its signature. */
  interface PrePrepareCheck {
    @Nullable Failure check(PrePrepare prePrepare);
  }

  private @Nullable Failure quorum(NewView statement) {
    Failure failure = names(statement.view(), statement.viewChanges());
    int count = statement.viewChanges().size();
    if (failure != null || count >= membership.quorum()) {
      return failure;
    }
    return new Failure(
        Fault.BAD_CERTIFICATE,
        "view-changes: " + count + " (expected: >= " + membership.quorum() + ")");
  }

  /** View-changes by name: of members, each once, for a view that has some. */
  @Nullable Failure names(long view, List<ViewChangeDigest> viewChanges) {
    if (view < 1) {
      return new Failure(Fault.OUT_OF_PLACE, "view: " + view + " (expected: >= 1)");
    }
    int last = -1;
    for (ViewChangeDigest viewChange : viewChanges) {
      if (!membership.contains(viewChange.replica())) {
        return StatementChecks.unknown(viewChange.replica());
      }
      if (viewChange.replica().value() <= last) {
        return new Failure(
            Fault.BAD_CERTIFICATE, viewChange.replica() + " (expected: ascending, each once)");
      }
      last = viewChange.replica().value();
    }
    return null;
  }

  private @Nullable Failure proposals(
      NewView statement, List<PrePrepare> prePrepares, PrePrepareCheck check) {
    List<SlotDigest> expected = new ArrayList<>();
    for (int i = 0; i < statement.batches().size(); i++) {
      expected.add(new SlotDigest(statement.stableSeq() + 1 + i, statement.batches().get(i)));
    }
    List<SlotDigest> proposed = new ArrayList<>();
    for (PrePrepare prePrepare : prePrepares) {
      Vote vote = prePrepare.vote().statement();
      if (!vote.replica().equals(statement.replica()) || vote.view() != statement.view()) {
        return new Failure(Fault.OUT_OF_PLACE, "a pre-prepare of another view or replica");
      }
      Failure failure = check.check(prePrepare);
      if (failure != null) {
        return failure;
      }
      proposed.addAll(vote.slots());
    }
    if (expected.size() > parameters.window() || !proposed.equals(expected)) {
      return new Failure(
          Fault.DIGEST_MISMATCH, "pre-prepares (expected: the batches that the new-view names)");
    }
    return null;
  }
}

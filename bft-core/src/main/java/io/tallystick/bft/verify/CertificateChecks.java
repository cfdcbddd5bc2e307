package io.tallystick.bft.verify;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Checkpoint;
import io.tallystick.bft.message.CommitCertificate;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a certificate: a quorum of different members, each of whose statements names
 * the very phase, epoch, view, sequence number and digest that the certificate is for (S23 to S25).
 */
final class CertificateChecks {
  private final Membership membership;
  private final StatementChecks statements;
  private final BundleChecks bundles;

  CertificateChecks(Membership membership, StatementChecks statements, BundleChecks bundles) {
    this.membership = membership;
    this.statements = statements;
    this.bundles = bundles;
  }

  @Nullable Failure prepared(PreparedCertificate certificate) {
    Failure batch = bundles.batch(certificate.batch());
    if (batch != null) {
      return batch;
    }
    Vote proposal = certificate.prePrepare().statement();
    long view = proposal.view();
    Digest digest = certificate.batch().digest();
    Cause cause =
        new Cause(VotePhase.PRE_PREPARE, proposal.epoch(), view, certificate.seq(), digest);
    ReplicaId primary = membership.primary(view);
    if (!proposal.replica().equals(primary)) {
      return bad(
          "pre-prepare of " + proposal.replica() + " (expected: the primary, " + primary + ")");
    }
    Failure failure = votes(cause, List.of(certificate.prePrepare()), 1);
    if (failure != null) {
      return failure;
    }
    for (Signed<Vote> prepare : certificate.prepares()) {
      if (prepare.replica().equals(primary)) {
        return bad("prepare of the primary (expected: of others)");
      }
    }
    return votes(cause.in(VotePhase.PREPARE), certificate.prepares(), membership.quorum() - 1);
  }

  @Nullable Failure committed(CommitCertificate certificate) {
    Failure batch = bundles.batch(certificate.batch());
    if (batch != null) {
      return batch;
    }
    Cause cause =
        new Cause(
            VotePhase.COMMIT,
            certificate.epoch(),
            certificate.view(),
            certificate.seq(),
            certificate.batch().digest());
    return votes(cause, certificate.commits(), membership.quorum());
  }

  @Nullable Failure stable(StableCheckpoint stable) {
    Signers signers = new Signers();
    Checkpoint first = stable.checkpoints().getFirst().statement();
    for (Signed<Checkpoint> signed : stable.checkpoints()) {
      Failure failure =
          first.agreesWith(signed.statement())
              ? signers.add(signed.replica())
              : bad("checkpoint of " + signed.replica() + " (expected: to agree with the first)");
      if (failure == null) {
        failure = statements.signed(signed);
      }
      if (failure != null) {
        return failure;
      }
    }
    return signers.atLeast(membership.quorum());
  }

  @Nullable Failure published(PublishedHead published) {
    Failure epoch = statements.epoch(published.epoch());
    if (epoch != null) {
      return epoch;
    }
    Signers signers = new Signers();
    for (HeadCosignature cosignature : published.cosignatures()) {
      Failure failure =
          cosignature.head().equals(published.head())
              ? signers.add(cosignature.replica())
              : bad("cosignature of " + cosignature.replica() + " on another head");
      if (failure == null) {
        failure = statements.cosignature(cosignature);
      }
      if (failure != null) {
        return failure;
      }
    }
    return signers.atLeast(membership.quorum());
  }

  private @Nullable Failure votes(Cause cause, List<Signed<Vote>> votes, int needed) {
    // Cheap checks of all first: a certificate that falls short costs no signature check.
    Signers signers = new Signers();
    for (Signed<Vote> vote : votes) {
      Failure failure =
          cause.isNamedBy(vote.statement())
              ? signers.add(vote.replica())
              : bad("vote of " + vote.replica() + " (expected: for " + cause + ")");
      if (failure != null) {
        return failure;
      }
    }
    Failure few = signers.atLeast(needed);
    if (few != null) {
      return few;
    }
    for (Signed<Vote> vote : votes) {
      Failure failure = statements.signed(vote);
      if (failure != null) {
        return failure;
      }
    }
    return null;
  }

  private static Failure bad(String detail) {
    return new Failure(Fault.BAD_CERTIFICATE, detail);
  }

  /** What each vote of a certificate must name. */
  private record Cause(VotePhase phase, long epoch, long view, long seq, Digest batch) {
    Cause in(VotePhase other) {
      return new Cause(other, epoch, view, seq, batch);
    }

    boolean isNamedBy(Vote vote) {
      return vote.phase() == phase
          && vote.epoch() == epoch
          && vote.view() == view
          && vote.slots().contains(new SlotDigest(seq, batch));
    }
  }

  /** Counts different members. */
  private final class Signers {
    private final BitSet seen = new BitSet();

    @Nullable Failure add(ReplicaId replica) {
      int index = membership.indexOf(replica);
      if (index < 0) {
        return StatementChecks.unknown(replica);
      }
      if (seen.get(index)) {
        return bad(replica + " twice (expected: different signers)");
      }
      seen.set(index);
      return null;
    }

    @Nullable Failure atLeast(int needed) {
      return seen.cardinality() >= needed
          ? null
          : bad("signers: " + seen.cardinality() + " (expected: >= " + needed + ")");
    }
  }
}

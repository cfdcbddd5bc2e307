package io.tallystick.bft.verify;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.JournalRecord;
import io.tallystick.bft.message.PeerMessage;
import io.tallystick.bft.message.PeerMessage.CommittedBatch;
import io.tallystick.bft.message.PeerMessage.Missing;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.PeerMessage.Status;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.Signed;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.bft.message.Statement;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks values of one epoch of one cluster, in full: whatever it passes, the engine may believe to
 * be said by whom it names. Safe on any thread; several verify at a time.
 */
public final class Verifier {
  private final Membership membership;
  private final StatementChecks statements;
  private final BundleChecks bundles;
  private final CertificateChecks certificates;
  private final ViewChangeChecks viewChanges;

  /** With a cache of {@link #cacheEntries} signatures. */
  public Verifier(Digest cluster, Membership membership, Parameters parameters, String origin) {
    this(cluster, membership, parameters, origin, cacheEntries(membership, parameters));
  }

  /**
   * For one epoch.
   *
   * @param cluster SHA-256 of genesis
   * @param origin the ledger's name, on the first line of what is cosigned
   * @param cacheEntriesMax most signatures remembered, of about 200 bytes each
   */
  public Verifier(
      Digest cluster,
      Membership membership,
      Parameters parameters,
      String origin,
      int cacheEntriesMax) {
    this(cluster, membership, parameters, origin, new SignatureCache(cacheEntriesMax));
  }

  /** With something else than Ed25519 behind it: for simulations, which live in this package. */
  Verifier(
      Digest cluster,
      Membership membership,
      Parameters parameters,
      String origin,
      SignatureCheck signatures) {
    this.membership = membership;
    statements = new StatementChecks(cluster, membership, parameters, origin, signatures);
    bundles = new BundleChecks(cluster, parameters, signatures);
    certificates = new CertificateChecks(membership, statements, bundles);
    viewChanges = new ViewChangeChecks(membership, parameters, statements, certificates);
  }

  /** Two windows of everyone's prepares and commits, and half as much again for all else. */
  public static int cacheEntries(Membership membership, Parameters parameters) {
    return membership.n() * parameters.window() * 2 * 2 * 3 / 2;
  }

  /**
   * A message that came over the session of a peer. Whatever is signed may be relayed by anybody;
   * what isn't must be the session's peer's own (S3).
   */
  public Verdict<PeerMessage> peer(ReplicaId sessionPeer, PeerMessage message) {
    Failure failure =
        switch (message) {
          case PrePrepare m -> prePrepare(m);
          case PeerMessage.Ballot m -> ballot(m.vote());
          case PeerMessage.CheckpointVote m -> statements.signed(m.checkpoint());
          case PeerMessage.StableProof m -> certificates.stable(m.checkpoint());
          case PeerMessage.HeadVote m -> statements.cosignature(m.cosignature());
          case PeerMessage.ViewChangeMessage m -> viewChanges.viewChange(m);
          case PeerMessage.NewViewMessage m -> viewChanges.newView(m, this::prePrepare);
          case Status m -> status(sessionPeer, m);
          case PeerMessage.FetchBundles m -> fetch(m.digests());
          case PeerMessage.PendingBundles m -> fetch(m.digests());
          case PeerMessage.BundleBody m -> bundles.bundle(m.bundle());
          case PeerMessage.FetchBatches m -> fetch(m);
          case CommittedBatch m -> committedBatchFailure(m);
          case PeerMessage.FetchViewChanges m -> viewChanges.names(m.view(), m.wanted());
        };
    return verdict(message, failure);
  }

  /** A client's bundle: its form, its digests, and the signature of the key that it names. */
  public Verdict<Bundle> bundle(Bundle bundle) {
    return verdict(bundle, bundles.bundle(bundle));
  }

  /** A record that the journal of {@code self} held. */
  public Verdict<JournalRecord> record(ReplicaId self, JournalRecord record) {
    Failure failure =
        switch (record) {
          case JournalRecord.Body r -> bundles.bundle(r.bundle());
          case JournalRecord.Proposal r -> prePrepare(r.prePrepare());
          case JournalRecord.OwnVote r -> first(ours(self, r.vote()), ballot(r.vote()));
          case JournalRecord.Prepared r -> certificates.prepared(r.certificate());
          case JournalRecord.Committed r -> certificates.committed(r.certificate());
          case JournalRecord.OwnCheckpoint r ->
              first(ours(self, r.checkpoint()), statements.signed(r.checkpoint()));
          case JournalRecord.Stable r -> certificates.stable(r.checkpoint());
          case JournalRecord.InView r -> statements.epoch(r.epoch());
          case JournalRecord.OwnViewChange r ->
              first(ours(self, r.message().viewChange()), viewChanges.viewChange(r.message()));
          case JournalRecord.AcceptedNewView r ->
              viewChanges.newView(r.message(), this::prePrepare);
          case JournalRecord.Started r ->
              r.incarnation() >= 1
                  ? null
                  : new Failure(
                      Fault.OUT_OF_PLACE, "incarnation: " + r.incarnation() + " (expected: >= 1)");
        };
    return verdict(record, failure);
  }

  /** A statement that we signed, on its way back to the engine. */
  public Verdict<Signed<? extends Statement>> own(Signed<? extends Statement> signed) {
    return verdict(signed, statements.signed(signed));
  }

  /** One replica's cosignature on a head. */
  public Verdict<HeadCosignature> cosignature(HeadCosignature cosignature) {
    return verdict(cosignature, statements.cosignature(cosignature));
  }

  /** A head with the cosignatures of a quorum. */
  public Verdict<PublishedHead> publishedHead(PublishedHead head) {
    return verdict(head, certificates.published(head));
  }

  /** A checkpoint with the signatures of a quorum. */
  public Verdict<StableCheckpoint> stableCheckpoint(StableCheckpoint stable) {
    return verdict(stable, certificates.stable(stable));
  }

  /** An executed batch with its bodies and the commits of a quorum. */
  public Verdict<CommittedBatch> committedBatch(CommittedBatch batch) {
    return verdict(batch, committedBatchFailure(batch));
  }

  private @Nullable Failure committedBatchFailure(CommittedBatch batch) {
    return first(
        certificates.committed(batch.certificate()),
        () -> bundles.bodies(batch.certificate().batch(), batch.bundles()));
  }

  private @Nullable Failure prePrepare(PrePrepare prePrepare) {
    Vote vote = prePrepare.vote().statement();
    if (vote.phase() != VotePhase.PRE_PREPARE) {
      return new Failure(Fault.OUT_OF_PLACE, vote.phase() + " (expected: PRE_PREPARE)");
    }
    List<SlotDigest> slots = vote.slots();
    if (slots.size() != prePrepare.batches().size()) {
      return new Failure(
          Fault.DIGEST_MISMATCH,
          "batches: " + prePrepare.batches().size() + " (expected: " + slots.size() + ")");
    }
    for (int i = 0; i < slots.size(); i++) {
      Batch batch = prePrepare.batches().get(i);
      Failure failure = bundles.batch(batch);
      if (failure != null) {
        return failure;
      }
      if (!batch.digest().equals(slots.get(i).batch())) {
        return new Failure(Fault.DIGEST_MISMATCH, "batch at seq " + slots.get(i).seq());
      }
    }
    return statements.signed(prePrepare.vote());
  }

  private @Nullable Failure ballot(Signed<Vote> vote) {
    return vote.statement().phase() == VotePhase.PRE_PREPARE
        ? new Failure(Fault.OUT_OF_PLACE, "PRE_PREPARE (expected: PREPARE or COMMIT)")
        : statements.signed(vote);
  }

  private @Nullable Failure status(ReplicaId sessionPeer, Status status) {
    if (!status.replica().equals(sessionPeer)) {
      return new Failure(
          Fault.WRONG_PEER, "status of " + status.replica() + " (expected: " + sessionPeer + ")");
    }
    if (!membership.contains(sessionPeer)) {
      return StatementChecks.unknown(sessionPeer);
    }
    long last = status.executed();
    for (Missing missing : status.missing()) {
      if (missing.seq() <= last) {
        return new Failure(
            Fault.BAD_SLOTS, "missing: " + missing.seq() + " (expected: > " + last + ")");
      }
      last = missing.seq();
    }
    return statements.epoch(status.epoch());
  }

  private static @Nullable Failure fetch(List<Digest> digests) {
    return digests.isEmpty()
        ? new Failure(Fault.BAD_SLOTS, "digests: none (expected: at least one)")
        : null;
  }

  private static @Nullable Failure fetch(PeerMessage.FetchBatches fetch) {
    return fetch.fromSeq() >= 1 && fetch.toSeq() >= fetch.fromSeq()
        ? null
        : new Failure(
            Fault.BAD_SLOTS,
            "batches: " + fetch.fromSeq() + " to " + fetch.toSeq() + " (expected: from 1 on)");
  }

  private static @Nullable Failure ours(ReplicaId self, Signed<? extends Statement> signed) {
    return signed.replica().equals(self)
        ? null
        : new Failure(
            Fault.WRONG_PEER, "own record of " + signed.replica() + " (expected: " + self + ")");
  }

  private static @Nullable Failure first(@Nullable Failure one, @Nullable Failure other) {
    return one != null ? one : other;
  }

  private interface Check {
    @Nullable Failure run();
  }

  private static @Nullable Failure first(@Nullable Failure one, Check other) {
    return one != null ? one : other.run();
  }

  private static <T> Verdict<T> verdict(T value, @Nullable Failure failure) {
    return failure == null
        ? new Verdict.Passed<>(new Verified<>(value))
        : new Verdict.Failed<>(failure);
  }
}

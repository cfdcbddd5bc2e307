package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.NewView.ViewChangeDigest;
import io.tallystick.crypto.Digest;
import java.util.List;

/** What replicas say to each other. Closed: a new kind doesn't compile until all treat it. */
public sealed interface PeerMessage {

  /**
   * The primary's proposal.
   *
   * @param vote signed, phase {@link VotePhase#PRE_PREPARE}
   * @param batches one for each slot of the vote, in its order
   */
  record PrePrepare(Signed<Vote> vote, List<Batch> batches) implements PeerMessage {
    public PrePrepare {
      batches = List.copyOf(batches);
    }
  }

  /** A prepare or a commit. */
  record Ballot(Signed<Vote> vote) implements PeerMessage {}

  /** A replica's checkpoint. */
  record CheckpointVote(Signed<Checkpoint> checkpoint) implements PeerMessage {}

  /** The quorum that made a checkpoint stable, for whoever missed the votes. */
  record StableProof(StableCheckpoint checkpoint) implements PeerMessage {}

  /** A replica's cosignature on a published head. */
  record HeadVote(HeadCosignature cosignature) implements PeerMessage {}

  /**
   * A view-change with its certificates.
   *
   * @param stable proof of its stable checkpoint; empty list of one epoch's start is not sent
   * @param prepared for each later sequence number, the one of the highest view
   */
  record ViewChangeMessage(
      Signed<ViewChange> viewChange,
      List<StableCheckpoint> stable,
      List<PreparedCertificate> prepared)
      implements PeerMessage {
    public ViewChangeMessage {
      stable = List.copyOf(stable);
      prepared = List.copyOf(prepared);
    }
  }

  /** A new-view and the pre-prepares that follow from it. */
  record NewViewMessage(Signed<NewView> newView, List<PrePrepare> prePrepares)
      implements PeerMessage {
    public NewViewMessage {
      prePrepares = List.copyOf(prePrepares);
    }
  }

  /**
   * A backup says to the primary which bundles wait here, so that the primary fetches those it
   * lacks.
   */
  record PendingBundles(List<Digest> digests) implements PeerMessage {
    public PendingBundles {
      digests = List.copyOf(digests);
    }
  }

  /** Asks for view-changes that a new-view of {@code view} names. */
  record FetchViewChanges(long view, List<ViewChangeDigest> wanted) implements PeerMessage {
    public FetchViewChanges {
      wanted = List.copyOf(wanted);
    }
  }

  /**
   * Where a replica stands, said at an interval: peers answer with what it misses. Not signed.
   *
   * @param executed last sequence number executed
   * @param stable last stable checkpoint's sequence number
   * @param missing slots above {@code executed} that it has not committed, ascending, bounded
   * @param standing where it stands in view changes
   */
  record Status(
      ReplicaId replica,
      long epoch,
      long view,
      long executed,
      long stable,
      List<Missing> missing,
      Standing standing)
      implements PeerMessage {
    public Status {
      missing = List.copyOf(missing);
    }
  }

  /**
   * Where a replica stands in view changes.
   *
   * @param active whether its view's new-view is accepted (view 0 has none)
   * @param viewChanges bit i set: it holds a view-change of the member at index i, for its view or
   *     a later one; when it is active, for a later one
   */
  record Standing(boolean active, int viewChanges) {}

  /**
   * What of a slot a replica lacks.
   *
   * @param proposal whether it lacks the pre-prepare
   * @param prepares bit i set: it holds the prepare of the member at index i
   * @param commits likewise for commits
   */
  record Missing(long seq, boolean proposal, int prepares, int commits) {}

  /** Asks for bundles that a batch names. */
  record FetchBundles(List<Digest> digests) implements PeerMessage {
    public FetchBundles {
      digests = List.copyOf(digests);
    }
  }

  /** A bundle, as its client signed it: answers {@link FetchBundles}. */
  record BundleBody(Bundle bundle) implements PeerMessage {}

  /** Asks for executed batches, from a sequence number on, as many as the peer cares to send. */
  record FetchBatches(long fromSeq, long toSeq) implements PeerMessage {}

  /**
   * An executed batch with the proof that it was decided.
   *
   * @param bundles those that the batch names, in its order
   */
  record CommittedBatch(CommitCertificate certificate, List<Bundle> bundles)
      implements PeerMessage {
    public CommittedBatch {
      bundles = List.copyOf(bundles);
    }
  }
}

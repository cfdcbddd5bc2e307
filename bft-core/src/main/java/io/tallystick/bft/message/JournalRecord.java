package io.tallystick.bft.message;

/**
 * What a replica writes down before it speaks. Replayed in order at a start, it gives back
 * everything the replica vouched for (design 10).
 */
public sealed interface JournalRecord {
  /** A bundle that the batch at {@code seq} names. */
  record Body(long seq, Bundle bundle) implements JournalRecord {}

  /** A pre-prepare that was accepted, or proposed. */
  record Proposal(PeerMessage.PrePrepare prePrepare) implements JournalRecord {}

  /** A prepare or a commit of our own. */
  record OwnVote(Signed<Vote> vote) implements JournalRecord {}

  /** The certificate that a commit of ours vouches for. */
  record Prepared(PreparedCertificate certificate) implements JournalRecord {}

  /** A batch is decided. */
  record Committed(CommitCertificate certificate) implements JournalRecord {}

  /** A checkpoint of our own. */
  record OwnCheckpoint(Signed<Checkpoint> checkpoint) implements JournalRecord {}

  /** A checkpoint became stable: what came before it may be cut, once this is durable. */
  record Stable(StableCheckpoint checkpoint) implements JournalRecord {}

  /** The view that the replica is in; {@code active} once its new-view is accepted. */
  record InView(long epoch, long view, boolean active) implements JournalRecord {}

  /** A view-change of our own, whole, to be sent again byte for byte. */
  record OwnViewChange(PeerMessage.ViewChangeMessage message) implements JournalRecord {}

  /** A new-view that was accepted, or made. */
  record AcceptedNewView(PeerMessage.NewViewMessage message) implements JournalRecord {}

  /** Written by the host at each start, before the first handshake. */
  record Started(long incarnation, long startId) implements JournalRecord {}
}

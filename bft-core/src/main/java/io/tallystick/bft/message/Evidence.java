package io.tallystick.bft.message;

/** Two statements, validly signed by one replica, that no correct replica signs both. */
public sealed interface Evidence {
  /** Different digests for one (phase, epoch, view, sequence number). */
  record Votes(long seq, Signed<Vote> first, Signed<Vote> second) implements Evidence {}

  /** Different checkpoints at one (epoch, sequence number). */
  record Checkpoints(Signed<Checkpoint> first, Signed<Checkpoint> second) implements Evidence {}

  /** Different view-changes for one (epoch, new view). */
  record ViewChanges(Signed<ViewChange> first, Signed<ViewChange> second) implements Evidence {}

  /** Different new-views for one (epoch, view). */
  record NewViews(Signed<NewView> first, Signed<NewView> second) implements Evidence {}

  /** Two roots at one size, or a smaller tree at a strictly later time. */
  record Heads(HeadCosignature first, HeadCosignature second) implements Evidence {}
}

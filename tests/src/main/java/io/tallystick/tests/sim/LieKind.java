package io.tallystick.tests.sim;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The ways to lie. */
enum LieKind {
  /** Two proposals for one slot, and votes to fit for each side. */
  EQUIVOCATING,
  /** Says nothing, to some or all. */
  SILENT,
  /** Says everything late. */
  SLOW,
  /** Doesn't hear one client. */
  CENSORING,
  /** Speaks in others' names. */
  FORGING,
  /** Says what was said long ago. */
  REPLAYING,
  /** Signs votes for other slots, views, phases, digests than it should. */
  MUTATING,
  /** Brings old certificates to a view change, or none. */
  STALE_CERTIFICATE,
  /** Proposes with times far from now. */
  WRONG_TIME,
  /** Votes far ahead, in sequence numbers and views. */
  FAR_FUTURE,
  /** Answers fetches with other things, and claims to be far ahead. */
  LYING_SOURCE,
  /** Gives no body that it proposed. */
  WITHHOLDING,
  /** Two engines with one key, which hear different things. */
  TWINS,
  /** Prepares and commits all that it sees, at once. */
  EAGER,
  /** Leaves every view. */
  LEAVING,
  /** Speaks to some only: certificates form here, and not there. */
  PARTIAL,
  /** Checkpoints and heads of another state. */
  WRONG_STATE,
  /** Tells clients another outcome. */
  WRONG_ANSWERS,
  /** Forgets all at a restart. */
  AMNESIA,
  /** Begins a view with what doesn't follow from the view-changes. */
  WRONG_NEW_VIEW;

  /** Draws what a liar does. */
  static List<LieKind> draw(Dice dice, boolean conspire) {
    EnumSet<LieKind> kinds = EnumSet.noneOf(LieKind.class);
    int count = 1 + dice.below(3);
    for (int i = 0; i < count; i++) {
      kinds.add(dice.of(values()));
    }
    if (conspire) {
      kinds.clear();
      kinds.add(EQUIVOCATING);
      kinds.add(EAGER);
    }
    return new ArrayList<>(kinds);
  }

  /** What does it, as far as it isn't the liar himself. */
  Optional<Lie> make(Forge forge, Conspiracy conspiracy) {
    return switch (this) {
      case EQUIVOCATING -> Optional.of(new PrimaryLies.Equivocating(forge, conspiracy));
      case SILENT -> Optional.of(new VoterLies.Silent(forge));
      case SLOW -> Optional.of(new VoterLies.Slow(forge));
      case CENSORING -> Optional.of(new PrimaryLies.Censoring(forge));
      case FORGING -> Optional.of(new VoterLies.Forging(forge));
      case REPLAYING -> Optional.of(new VoterLies.Replaying(forge));
      case MUTATING -> Optional.of(new VoterLies.Mutating(forge));
      case STALE_CERTIFICATE -> Optional.of(new ViewLies.StaleCertificate(forge));
      case WRONG_TIME -> Optional.of(new PrimaryLies.WrongTime(forge));
      case FAR_FUTURE -> Optional.of(new VoterLies.FarFuture(forge));
      case LYING_SOURCE -> Optional.of(new SourceLies.LyingSource(forge));
      case WITHHOLDING -> Optional.of(new SourceLies.Withholding(forge));
      case EAGER -> Optional.of(new VoterLies.Eager(forge));
      case LEAVING -> Optional.of(new ViewLies.Leaving(forge));
      case PARTIAL -> Optional.of(new VoterLies.Partial(forge));
      case WRONG_STATE -> Optional.of(new SourceLies.WrongState(forge));
      case WRONG_ANSWERS -> Optional.of(new SourceLies.WrongAnswers(forge));
      case WRONG_NEW_VIEW -> Optional.of(new ViewLies.WrongNewView(forge));
      case TWINS, AMNESIA -> Optional.empty();
    };
  }
}

package io.tallystick.ledger.follower;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.config.Genesis;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.PolicyVerdict;
import io.tallystick.crypto.note.SignedNote;
import io.tallystick.crypto.note.TlogPolicy;
import io.tallystick.crypto.note.VerifierKey;
import io.tallystick.ledger.follower.VerifiedCopy.CopyHead;
import io.tallystick.ledger.receipt.HeadNote;
import java.util.Optional;
import java.util.TreeSet;

/** Believes a head when the ledger's policy accepts its note. Immutable. */
final class HeadVerifier {
  private final VerifierKey log;
  private final Membership membership;
  private final TlogPolicy policy;

  HeadVerifier(Genesis genesis) {
    this.log = genesis.logVkey();
    this.membership = genesis.membership();
    this.policy = genesis.trust();
  }

  /** The head with its note; empty unless every line of it holds, and they make a quorum. */
  Optional<CopyHead> verify(LoggedHead head) {
    if (!isPlausible(head)) {
      return Optional.empty();
    }
    try {
      SignedNote note = HeadNote.of(head, log, membership);
      return policy.evaluate(note) instanceof PolicyVerdict.Accepted accepted
          ? Optional.of(new CopyHead(head, note, timeMicros(accepted)))
          : Optional.empty();
    } catch (MalformedNoteException e) {
      // A negative time, or an empty tree with a root of its own: no note says that
      return Optional.empty();
    }
  }

  private boolean isPlausible(LoggedHead head) {
    TreeSet<ReplicaId> signers = new TreeSet<>();
    for (HeadCosignature line : head.head().cosignatures()) {
      boolean fits = line.head().equals(head.head().head()) && membership.contains(line.replica());
      if (!fits || !signers.add(line.replica())) {
        return false;
      }
    }
    return head.head().epoch() == membership.epoch() && head.head().head().size() > 0;
  }

  /** Of f+1 lines that are as new or newer, one is a correct replica's (design 13). */
  private long timeMicros(PolicyVerdict.Accepted accepted) {
    long seconds = accepted.timestampSeconds(membership.f() + 1);
    return Math.min(seconds, Long.MAX_VALUE / 1_000_000) * 1_000_000;
  }
}

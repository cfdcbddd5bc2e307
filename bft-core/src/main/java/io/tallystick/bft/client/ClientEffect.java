package io.tallystick.bft.client;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Signature;
import java.util.List;

/**
 * What a client wants done. Each bundle ends in exactly one of {@link Receipted}, {@link Unproven},
 * {@link Ended}, {@link Refused} and {@link Unknown}; after it nothing is kept of the bundle.
 *
 * @param <P> what an {@link AppendixChecker} makes of an appendix that it accepts
 */
public sealed interface ClientEffect<P> {

  /** Send to one replica. What can't be sent is lost: it is sent again in time. */
  record Send<P>(ReplicaId to, Ask ask) implements ClientEffect<P> {}

  /** Give a {@link ClientEvent.Tick} when the ticks are there, instead of what was armed before. */
  record Arm<P>(long atTicks) implements ClientEffect<P> {}

  /**
   * f+1 replicas say alike how the requests ended, so it is true; proof is still missing. Comes at
   * most once for a bundle, before its end.
   */
  record Decided<P>(Digest bundle, List<Outcome> outcomes) implements ClientEffect<P> {}

  /**
   * Decided, and proved.
   *
   * @param head cosigned by a quorum
   * @param logSignature the log key's on the same head
   * @param proof that the committed requests are in the tree of that head
   */
  record Receipted<P>(
      Digest bundle, List<Outcome> outcomes, PublishedHead head, Signature logSignature, P proof)
      implements ClientEffect<P> {}

  /** Decided, but no proof could be had through replies: published heads and reads have one. */
  record Unproven<P>(Digest bundle, List<Outcome> outcomes) implements ClientEffect<P> {}

  /** Decided, and nothing of it took effect, so nothing is to be proved. */
  record Ended<P>(Digest bundle, List<Outcome> outcomes) implements ClientEffect<P> {}

  /** It can't be ordered, ever: f+1 replicas call it malformed, or this client has no room. */
  record Refused<P>(Digest bundle, Refusal why, String detail) implements ClientEffect<P> {}

  /** Nobody said how it ended, for longer than replicas can tell. */
  record Unknown<P>(Digest bundle) implements ClientEffect<P> {}

  /** A replica said what no correct one says: counted by replica and lie. */
  record Liar<P>(ReplicaId replica, Lie lie) implements ClientEffect<P> {}

  /** Why a bundle isn't ordered. */
  enum Refusal {
    /** f+1 replicas say that it breaks a rule. */
    MALFORMED,
    /** As many bundles are in flight as may be. */
    NO_ROOM,
    /** The same bundle is in flight already. */
    DUPLICATE
  }

  /** What no correct replica says. */
  enum Lie {
    /** A reply that doesn't fit the bundle, or is in another replica's name. */
    MISFIT,
    /** A cosignature that doesn't verify. */
    BAD_COSIGNATURE,
    /** Two different replies for one sequence number. */
    CONTRADICTION,
    /** For one sequence number another reply than f+1 replicas gave. */
    OTHER_OUTCOME,
    /** A log signature or an appendix that doesn't fit the head. */
    BAD_APPENDIX
  }
}

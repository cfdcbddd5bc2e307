package io.tallystick.bft.client;

import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.TreeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One bundle in flight: the newest valid reply of each replica, who refused, and where it stands.
 * Arrays are indexed by a replica's position among the ascending ids.
 */
final class InFlight {
  /** Where a bundle stands. Stages only go forward. */
  enum Stage {
    /** Being submitted: fewer than f+1 replies are alike. */
    ORDERING,
    /** Its deadline should be past: how its requests ended is asked for. */
    ASKING,
    /** Decided; the proof is missing. */
    PROVING
  }

  final Bundle bundle;
  final long deadlineMicros;
  final @Nullable BundleReply[] replies;

  /** When it may be sent to a replica again, and how often it was. */
  final long[] retryAt;

  final int[] sends;

  /** Who says that it breaks a rule; whose answer in full is taken. */
  final boolean[] malformed;

  final boolean[] fullWanted;
  Stage stage = Stage.ORDERING;

  /** When something is to be done next if nobody says anything, and what is scheduled of it. */
  long dueTicks;

  long scheduledTicks = -1;

  /** When its deadline should be past, and when waiting ends in the present stage. */
  long deadlineTicks;

  long endTicks;

  /** How often outcomes, or the answer in full, were asked for in this stage. */
  int attempts;

  /** Who is to answer in full, and whether it has answered since it was to. */
  int fullFrom;

  boolean fullAnswered;

  /** What f+1 replicas say alike; empty before. */
  List<Outcome> decided = List.of();

  /** While asking: what is known of each request, and the poll on each that is asked for. */
  final @Nullable Outcome[] resolved;

  final List<Asked> asked = new ArrayList<>();

  /** A request that is asked for. */
  record Asked(int request, long query, OutcomePoll poll) {}

  InFlight(Bundle bundle, int n) {
    this.bundle = bundle;
    this.replies = new BundleReply[n];
    this.retryAt = new long[n];
    this.sends = new int[n];
    this.malformed = new boolean[n];
    this.fullWanted = new boolean[n];
    this.resolved = new Outcome[bundle.requests().size()];
    this.deadlineMicros =
        bundle.requests().stream().mapToLong(request -> request.deadlineMicros()).max().orElse(0);
    this.fullFrom = (int) Long.remainderUnsigned(bundle.digest().prefix(), n);
    this.fullWanted[fullFrom] = true;
  }

  /** The outcomes that {@code needed} replies give alike, if any are. */
  Optional<List<Outcome>> alike(int needed) {
    for (int i = 0; i < replies.length; i++) {
      BundleReply reply = replies[i];
      int count = 0;
      for (BundleReply other : replies) {
        if (reply != null && other != null && reply.outcomes().equals(other.outcomes())) {
          count++;
        }
      }
      if (reply != null && count >= needed) {
        return Optional.of(reply.outcomes());
      }
    }
    return Optional.empty();
  }

  /** The cosignatures on one head that {@code quorum} replies carry, ascending by id, if any. */
  Optional<List<HeadCosignature>> certified(int quorum) {
    for (BundleReply reply : replies) {
      if (reply == null) {
        continue;
      }
      TreeHead head = reply.head().head();
      List<HeadCosignature> lines = new ArrayList<>();
      for (BundleReply other : replies) {
        if (other != null && other.head().head().equals(head)) {
          lines.add(other.head());
        }
      }
      if (lines.size() >= quorum) {
        return Optional.of(lines);
      }
    }
    return Optional.empty();
  }

  /** Whether any request took effect, so that there is something to prove. */
  boolean anyCommitted() {
    return decided.stream().anyMatch(outcome -> outcome.kind() == OutcomeKind.COMMITTED);
  }

  /** Whether {@code needed} replicas call the bundle malformed. */
  boolean malformed(int needed) {
    int count = 0;
    for (boolean one : malformed) {
      count += one ? 1 : 0;
    }
    return count >= needed;
  }
}

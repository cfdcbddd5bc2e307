package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.PrePrepare;
import io.tallystick.bft.message.SlotDigest;
import io.tallystick.bft.message.Vote;
import io.tallystick.bft.message.VotePhase;
import io.tallystick.crypto.Digest;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a proposal must be, whoever brings it: pure functions of the proposal and the view. */
final class ProposalRules {
  private ProposalRules() {}

  /** Why the proposal is of no use; null when nothing speaks against it so far. */
  static @Nullable RejectReason refuse(Views views, Parameters parameters, PrePrepare message) {
    Vote vote = message.vote().statement();
    if (vote.epoch() != views.epoch()) {
      return RejectReason.WRONG_EPOCH;
    }
    if (vote.view() != views.view() || !views.active()) {
      return RejectReason.WRONG_VIEW;
    }
    // R6.1: the signer must be the primary of the view; who passed it on doesn't matter
    if (vote.phase() != VotePhase.PRE_PREPARE || !vote.replica().equals(views.primary())) {
      return RejectReason.NOT_PRIMARY;
    }
    List<SlotDigest> slots = vote.slots();
    if (slots.isEmpty()
        || slots.size() > parameters.voteSlotsMax()
        || slots.size() != message.batches().size()) {
      return RejectReason.OVER_LIMIT;
    }
    for (int i = 0; i < slots.size(); i++) {
      boolean ascends = i == 0 || slots.get(i).seq() > slots.get(i - 1).seq();
      Batch batch = message.batches().get(i);
      // R6.4: within the parameters' bounds, no null batch, and the batch that was signed
      if (!ascends
          || !withinBounds(parameters, batch)
          || !batch.digest().equals(slots.get(i).batch())) {
        return RejectReason.OVER_LIMIT;
      }
    }
    return null;
  }

  private static boolean withinBounds(Parameters parameters, Batch batch) {
    return batch.timestampMicros() > 0
        && batch.bundles().size() <= parameters.batchBundlesMax()
        && new LinkedHashSet<Digest>(batch.bundles()).size() == batch.bundles().size();
  }

  /** Whether a bundle is within what any batch may hold. */
  static boolean acceptable(Parameters parameters, Bundle bundle) {
    return !bundle.requests().isEmpty()
        && bundle.requests().size() <= parameters.bundleRequestsMax()
        && bundle.requests().size() <= parameters.batchRequestsMax()
        && bundle.contentBytes() <= parameters.bundleBytesMax()
        && bundle.weightBytes() <= parameters.batchBytesMax();
  }

  /** Whether the bodies of a batch are, together, within the parameters' bounds. */
  static boolean acceptable(Parameters parameters, List<Bundle> bundles) {
    long requests = 0;
    long bytes = 0;
    for (Bundle bundle : bundles) {
      if (!acceptable(parameters, bundle)) {
        return false;
      }
      requests += bundle.requests().size();
      bytes += bundle.weightBytes();
    }
    return requests <= parameters.batchRequestsMax() && bytes <= parameters.batchBytesMax();
  }
}

package io.tallystick.bft.engine.viewchange;

import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.PeerMessage.ViewChangeMessage;
import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.StableCheckpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a new view starts with: a pure function of the view-changes of a quorum. */
final class NewViewRules {
  private NewViewRules() {}

  /**
   * What follows from a quorum's view-changes.
   *
   * @param stable the highest stable checkpoint among them; none when it is genesis
   * @param batches what is proposed again, from the sequence number after it on
   */
  record Choice(Optional<StableCheckpoint> stable, List<Batch> batches) {
    long stableSeq() {
      return stable.map(StableCheckpoint::seq).orElse(0L);
    }
  }

  /** Chooses; every view-change has passed the boundary's checks, with all its certificates. */
  static Choice choose(List<ViewChangeMessage> quorum) {
    Optional<StableCheckpoint> stable = Optional.empty();
    TreeMap<Long, PreparedCertificate> highest = new TreeMap<>();
    for (ViewChangeMessage message : quorum) {
      for (StableCheckpoint proof : message.stable()) {
        // R8.7: the highest stable checkpoint among the quorum's
        if (stable.isEmpty() || proof.seq() > stable.get().seq()) {
          stable = Optional.of(proof);
        }
      }
      for (PreparedCertificate certificate : message.prepared()) {
        // R8.8: at each sequence number, the certificate of the highest view
        highest.merge(certificate.seq(), certificate, (a, b) -> viewOf(b) > viewOf(a) ? b : a);
      }
    }
    long low = stable.map(StableCheckpoint::seq).orElse(0L);
    long last = highest.isEmpty() ? low : Math.max(low, highest.lastKey());
    List<Batch> batches = new ArrayList<>();
    for (long seq = low + 1; seq <= last; seq++) {
      PreparedCertificate certificate = highest.get(seq);
      batches.add(certificate == null ? Batch.NULL : certificate.batch()); // R8.8: gaps are null
    }
    return new Choice(stable, batches);
  }

  private static long viewOf(PreparedCertificate certificate) {
    return certificate.prePrepare().statement().view();
  }
}

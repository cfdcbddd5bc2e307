package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.AdmissionLimits;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.TimerName;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.FetchBundles;
import io.tallystick.bft.message.PeerMessage.PendingBundles;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * As a backup: tells the primary which bundles wait, and judges whether it leaves any out. As the
 * primary: fetches those that it lacks.
 *
 * <p>Only what the primary does counts against it, never how long a bundle waits: overload is not a
 * fault, and a client that sends its bundles to some replicas only deposes nobody.
 */
public final class PrimaryWatch {
  private static final int FORWARD_PART = 4;
  private static final int LAGGING_MIN = 4;

  private final Turn turn;
  private final Views views;
  private final BundlePool pool;
  private final List<Set<Digest>> offered = new ArrayList<>();
  private boolean armed;
  private boolean slow;
  private long proposedBytes;
  private int lagging;
  private long laggingTicks;

  PrimaryWatch(Turn turn, Views views, BundlePool pool) {
    this.turn = turn;
    this.views = views;
    this.pool = pool;
    for (int i = 0; i < turn.membership().n(); i++) {
      offered.add(new LinkedHashSet<>());
    }
  }

  /** Another view: its primary has a clean slate. */
  void enter() {
    slow = false;
    lagging = 0;
    pool.handOver();
    offered.forEach(Set::clear);
  }

  /** Whether the primary of this view is slow. */
  public boolean slow() {
    return slow;
  }

  /** At the end of a step: what waits is forwarded in time. */
  void settle() {
    if (!armed && pool.queuedBundles() > 0 && isBackup()) {
      armed = true;
      turn.arm(TimerName.FORWARD, forwardTicks());
    }
  }

  private boolean isBackup() {
    return turn.voting() && views.active() && !views.isPrimary();
  }

  private long forwardTicks() {
    return Math.max(1, turn.parameters().viewTimeoutMillis() / FORWARD_PART);
  }

  /** A quarter of the timeout has passed: the primary is told what waits since then. */
  public void forward() {
    armed = false;
    if (!isBackup()) {
      return;
    }
    int max = Math.min(turn.settings().transfer().fetchBundlesMax(), digestsMax());
    // R8.16: by digest, again until it is proposed; the primary fetches what it lacks
    List<Digest> waiting = pool.waiting(turn.ticks() - forwardTicks(), max);
    if (!waiting.isEmpty()) {
      turn.send(views.primary(), new PendingBundles(waiting));
      waiting.forEach(digest -> pool.forwarded(digest, proposedBytes));
    }
  }

  private int digestsMax() {
    return turn.parameters().fetchDigestsMax();
  }

  /** A backup told us what waits there: we fetch what we lack, from it alone. */
  void receive(ReplicaId from, PendingBundles message, RecentBundles recent) {
    int peer = turn.membership().indexOf(from);
    if (peer < 0 || message.digests().size() > digestsMax()) {
      turn.reject(from, RejectReason.OVER_LIMIT);
      return;
    }
    if (!turn.voting() || !views.active() || !views.isPrimary()) {
      turn.reject(from, RejectReason.WRONG_VIEW);
      return;
    }
    Set<Digest> wanted = offered.get(peer);
    wanted.clear();
    for (Digest digest : message.digests()) {
      if (pool.find(digest) == null && recent.seq(digest) == 0) {
        wanted.add(digest);
      }
    }
    if (!wanted.isEmpty()) {
      turn.send(from, new FetchBundles(List.copyOf(wanted)));
    }
  }

  /** Whether that peer offered the bundle, and was asked for it; it was, once. */
  boolean takeOffered(ReplicaId from, Digest digest) {
    int peer = turn.membership().indexOf(from);
    return peer >= 0 && offered.get(peer).remove(digest);
  }

  /** The primary proposed a batch of its own accord, whose bodies are all here. */
  void proposed(List<Bundle> bundles) {
    long requests = 0;
    long bytes = 0;
    for (Bundle bundle : bundles) {
      requests += bundle.requests().size();
      bytes += bundle.weightBytes();
    }
    proposedBytes += bytes;
    Parameters p = turn.parameters();
    BundlePool.Room left =
        new BundlePool.Room(
            p.batchBundlesMax() - bundles.size(),
            (int) (p.batchRequestsMax() - requests),
            p.batchBytesMax() - bytes);
    // R8.17: it had room for a bundle, and leaves it out, though told of it a timeout ago
    if (pool.anyLeftOut(turn.ticks() - p.viewTimeoutMillis() - 1, left)) {
      slow = true;
    }
    AdmissionLimits limits = turn.settings().admission();
    // R8.18: and however full its batches are, each has its turn within a bound
    if (pool.anyOvertaken(proposedBytes, (turn.membership().n() + 1L) * limits.totalBytes())) {
      slow = true;
    }
  }

  /** A proposal comes from the primary itself, the newest there is. */
  void stamped(long timestampMicros) {
    long behindMicros = turn.wallMicros() - timestampMicros;
    if (behindMicros <= turn.parameters().skewMillis() * 1_000L) {
      lagging = 0;
      return;
    }
    if (lagging++ == 0) {
      laggingTicks = turn.ticks();
    }
    // R8.19: its clock lags by more than the skew, again and again for a whole timeout
    if (lagging >= LAGGING_MIN
        && turn.ticks() - laggingTicks >= turn.parameters().viewTimeoutMillis()) {
      slow = true;
    }
  }
}

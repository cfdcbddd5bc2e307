package io.tallystick.bft.engine.transfer;

import io.tallystick.bft.engine.Effect;
import io.tallystick.bft.engine.RejectReason;
import io.tallystick.bft.engine.Turn;
import io.tallystick.bft.engine.ordering.BundlePool;
import io.tallystick.bft.engine.ordering.RecentBundles;
import io.tallystick.bft.engine.viewchange.Views;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.Bundle;
import io.tallystick.bft.message.PeerMessage.BundleBody;
import io.tallystick.bft.message.PeerMessage.FetchBundles;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Bundles that a batch names and that aren't here: asked of the primary first, then of one other
 * after the next, an interval each.
 */
public final class BundleFetch {
  private static final int MESSAGES_PER_TICK_MAX = 4;
  private static final int BODY_OVERHEAD_BYTES = 128;

  private static final class Want {
    final SortedSet<Long> seqs = new TreeSet<>();
    int askedPeer = -1;
    long askedTicks;
  }

  private final Turn turn;
  private final Views views;
  private final Peers peers;
  private final LinkedHashMap<Digest, Want> wants = new LinkedHashMap<>();
  private boolean unasked;

  /** Wants nothing yet. */
  public BundleFetch(Turn turn, Views views, Peers peers) {
    this.turn = turn;
    this.views = views;
    this.peers = peers;
  }

  /** A slot needs this bundle. */
  public void want(Digest digest, long seq) {
    Want want = wants.get(digest);
    if (want == null) {
      want = new Want();
      wants.put(digest, want);
      unasked = true;
    }
    want.seqs.add(seq);
  }

  /** Whether any slot needs this bundle. */
  public boolean wants(Digest digest) {
    return wants.containsKey(digest);
  }

  /** A slot needs it no more. */
  public void forget(Digest digest, long seq) {
    Want want = wants.get(digest);
    if (want != null && want.seqs.remove(seq) && want.seqs.isEmpty()) {
      wants.remove(digest);
    }
  }

  /** It is here; returns the slots that needed it. */
  public SortedSet<Long> arrived(Digest digest) {
    Want want = wants.remove(digest);
    return want == null ? Collections.emptySortedSet() : want.seqs;
  }

  /** How many bundles are wanted. */
  public int size() {
    return wants.size();
  }

  /** At the end of a step: asks for what is newly wanted. */
  public void ask() {
    if (unasked && turn.running()) {
      unasked = false;
      ask(Long.MIN_VALUE);
    }
  }

  /** At each interval: asks another peer for what didn't come. */
  public void tick() {
    ask(turn.ticks() - turn.settings().transfer().statusMillis() * 3L / 4);
  }

  private void ask(long askedBefore) {
    int max =
        Math.min(turn.settings().transfer().fetchBundlesMax(), turn.parameters().fetchDigestsMax());
    List<List<Digest>> byPeer = new ArrayList<>();
    for (int i = 0; i < turn.membership().n(); i++) {
      byPeer.add(new ArrayList<>());
    }
    int budget = MESSAGES_PER_TICK_MAX * max;
    for (var entry : wants.entrySet()) {
      Want want = entry.getValue();
      if (want.askedPeer >= 0 && want.askedTicks > askedBefore) {
        continue;
      }
      if (budget-- == 0) {
        unasked = true;
        break;
      }
      want.askedPeer = choose(want.askedPeer); // R6.5: the primary first, then the others in turn
      want.askedTicks = turn.ticks();
      byPeer.get(want.askedPeer).add(entry.getKey());
    }
    for (int i = 0; i < byPeer.size(); i++) {
      List<Digest> digests = byPeer.get(i);
      for (int from = 0; from < digests.size(); from += max) {
        turn.send(
            peers.id(i),
            new FetchBundles(digests.subList(from, Math.min(from + max, digests.size()))));
      }
    }
  }

  private int choose(int asked) {
    if (asked >= 0) {
      return peers.next(asked);
    }
    return views.isPrimary() ? peers.next(turn.selfIndex()) : views.primaryIndex();
  }

  /** A peer lacks bundles: sends those that are in memory, or the batch that they were part of. */
  public void answer(ReplicaId from, FetchBundles ask, BundlePool pool, RecentBundles recent) {
    int peer = turn.membership().indexOf(from);
    int max = turn.settings().transfer().fetchBundlesMax();
    if (peer < 0 || ask.digests().size() > max) {
      turn.reject(from, RejectReason.OVER_LIMIT);
      return;
    }
    TreeSet<Long> executed = new TreeSet<>();
    for (Digest digest : ask.digests()) {
      @Nullable Bundle bundle = pool.find(digest);
      if (bundle == null) {
        if (recent.seq(digest) > 0) {
          executed.add(recent.seq(digest));
        }
        continue;
      }
      if (!peers.spend(peer, bundle.weightBytes() + BODY_OVERHEAD_BYTES)) {
        turn.reject(from, RejectReason.TOO_OFTEN);
        return;
      }
      turn.send(from, new BundleBody(bundle));
    }
    int bytes = turn.settings().transfer().fetchBytesMax();
    for (long seq : executed) {
      if (!peers.spend(peer, bytes / 8)) {
        turn.reject(from, RejectReason.TOO_OFTEN);
        return;
      }
      turn.emit(new Effect.SendBatches(from, seq, seq, bytes));
    }
  }
}

package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.transfer.BundleFetch;
import io.tallystick.bft.message.Batch;
import io.tallystick.bft.message.Bundle;
import io.tallystick.crypto.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.SortedSet;

/** Brings slots and the bundles that their batches name together; fetches what isn't here. */
public final class Bodies {
  private static final SequencedMap<Digest, Bundle> NONE = new LinkedHashMap<>();

  private final Window window;
  private final BundlePool pool;
  private final BundleFetch fetch;

  /** Over one replica's window and pool. */
  public Bodies(Window window, BundlePool pool, BundleFetch fetch) {
    this.window = window;
    this.pool = pool;
    this.fetch = fetch;
  }

  /** The slot needs this batch's bodies: takes those that are here, and has the others fetched. */
  void claim(SlotState slot, Batch batch) {
    claim(slot, batch, NONE);
  }

  /** The same, with some bundles at hand that aren't in the pool. */
  void claim(SlotState slot, Batch batch, SequencedMap<Digest, Bundle> atHand) {
    release(slot);
    slot.expect(batch);
    for (Digest digest : batch.bundles()) {
      Bundle pooled = pool.find(digest);
      Bundle bundle = pooled == null ? atHand.get(digest) : pooled;
      if (bundle == null) {
        fetch.want(digest, slot.seq()); // R6.5: what a batch names and we lack is fetched
      } else if (slot.put(digest, bundle)) {
        pool.use(bundle);
      }
    }
  }

  /** The slot's batch came with its bodies. */
  void supply(SlotState slot, Batch batch, List<Bundle> bundles) {
    release(slot);
    slot.expect(batch);
    for (Bundle bundle : bundles) {
      if (slot.put(bundle.digest(), bundle)) {
        pool.use(bundle);
      }
    }
  }

  /** Whether somebody waits for that bundle. */
  public boolean wanted(Digest digest) {
    return fetch.wants(digest);
  }

  /** A wanted bundle is here; returns the slots that got their last body with it. */
  List<SlotState> arrived(Bundle bundle) {
    SortedSet<Long> seqs = fetch.arrived(bundle.digest());
    List<SlotState> complete = new ArrayList<>();
    for (long seq : seqs) {
      SlotState slot = window.find(seq);
      if (slot != null && slot.put(bundle.digest(), bundle)) {
        pool.use(bundle);
        if (slot.complete()) {
          complete.add(slot);
        }
      }
    }
    return complete;
  }

  /** The slot needs its bodies no more, whether they came or not. */
  void release(SlotState slot) {
    Batch batch = slot.batch();
    if (batch == null) {
      return;
    }
    for (int i = 0; i < batch.bundles().size(); i++) {
      Digest digest = batch.bundles().get(i);
      if (slot.body(i) == null) {
        fetch.forget(digest, slot.seq());
      } else {
        pool.release(digest);
      }
    }
    slot.dropBodies();
  }
}

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
    if (batch.equals(slot.batch())) {
      return; // a new view proposes what is here, or on its way
    }
    List<Bundle> before = letGo(slot);
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
    release(before);
  }

  /** The slot's batch came with its bodies. */
  void supply(SlotState slot, Batch batch, List<Bundle> bundles) {
    List<Bundle> before = letGo(slot);
    slot.expect(batch);
    for (Bundle bundle : bundles) {
      if (slot.put(bundle.digest(), bundle)) {
        pool.use(bundle);
      }
    }
    release(before);
  }

  /**
   * The slot is prepared: its bodies stay in memory until it is executed, whatever later views
   * propose, because one of them may have to propose this batch again.
   */
  void keep(SlotState slot) {
    keep(slot, slot.bundles());
  }

  private void keep(SlotState slot, List<Bundle> bundles) {
    List<Bundle> before = slot.kept();
    bundles.forEach(pool::use);
    slot.keep(bundles);
    release(before);
  }

  /** After a restart: the bodies of a prepared certificate, as far as they are at hand. */
  void keep(SlotState slot, Batch batch, SequencedMap<Digest, Bundle> atHand) {
    List<Bundle> bundles = new ArrayList<>();
    for (Digest digest : batch.bundles()) {
      Bundle bundle = atHand.get(digest);
      if (bundle != null) {
        bundles.add(bundle);
      }
    }
    keep(slot, bundles);
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
    release(letGo(slot));
  }

  /** Nor those of its prepared certificate: it is executed, or gone. */
  void releaseAll(SlotState slot) {
    release(slot);
    List<Bundle> before = slot.kept();
    slot.keep(List.of());
    release(before);
  }

  /** Empties the slot; returns the bodies that it held, which are still in use. */
  private List<Bundle> letGo(SlotState slot) {
    Batch batch = slot.batch();
    if (batch == null) {
      return List.of();
    }
    List<Bundle> held = new ArrayList<>();
    for (int i = 0; i < batch.bundles().size(); i++) {
      Bundle body = slot.body(i);
      if (body == null) {
        fetch.forget(batch.bundles().get(i), slot.seq());
      } else {
        held.add(body);
      }
    }
    slot.dropBodies();
    return held;
  }

  private void release(List<Bundle> bundles) {
    for (Bundle bundle : bundles) {
      pool.release(bundle.digest());
    }
  }
}

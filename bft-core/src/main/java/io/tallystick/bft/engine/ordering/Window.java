package io.tallystick.bft.engine.ordering;

import io.tallystick.bft.engine.Invariant;
import io.tallystick.bft.engine.Property;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are in memory: a ring of 2W.
 *
 * <p>Votes are for slots above the low watermark, up to the high one (low + W). Slots below the low
 * watermark stay, up to W of them, while the application hasn't executed them: a quorum may be
 * ahead of us by a checkpoint, and what is decided here needn't be fetched.
 */
public final class Window {
  private final int width;
  private final int n;
  private final @Nullable SlotState[] ring;
  private long view;
  private long low;
  private long floor;
  private long known;

  /** An empty window above sequence number 0, for {@code n} members in a view. */
  public Window(int width, int n, long view) {
    this.width = width;
    this.n = n;
    this.view = view;
    this.ring = new SlotState[2 * width];
  }

  /** The low watermark: the last stable checkpoint's sequence number. */
  public long low() {
    return low;
  }

  /** The high watermark: the last sequence number that may be voted on. */
  public long high() {
    return low + width;
  }

  /** The highest sequence number of which anything is known. */
  public long known() {
    return known;
  }

  /** Somebody spoke of that sequence number: it is worth asking for, if it is within. */
  public void noteKnown(long seq) {
    if (seq <= high()) {
      known = Math.max(known, seq);
    }
  }

  /** Whether that slot may be voted on. */
  public boolean within(long seq) {
    return seq > low && seq <= high(); // R6.3: low watermark < sequence number <= high watermark
  }

  /** Whether that slot has its place in the ring. */
  public boolean retains(long seq) {
    return seq > floor && seq <= high();
  }

  /** The lowest sequence number that has its place in the ring. */
  long lowestRetained() {
    return floor + 1;
  }

  /** The slot, if anything is known of it and it is still retained. */
  public @Nullable SlotState find(long seq) {
    if (!retains(seq)) {
      return null;
    }
    SlotState slot = ring[index(seq)];
    return slot != null && slot.seq() == seq ? slot : null;
  }

  /** The slot, made if need be; only for one that is retained. */
  SlotState slot(long seq) {
    Invariant.check(Property.BOUNDED, retains(seq), "a slot within the window", seq);
    SlotState slot = ring[index(seq)];
    if (slot == null || slot.seq() != seq) {
      slot = new SlotState(seq, view, n);
      ring[index(seq)] = slot;
    }
    noteKnown(seq);
    return slot;
  }

  /** The view whose attempts the slots hold. */
  public long view() {
    return view;
  }

  /** The replica goes to a later view: every slot begins another attempt, and forgets the last. */
  public void enter(long laterView) {
    Invariant.check(
        Property.SAID_STAYS_SAID, laterView > view, "the view never goes back", laterView);
    view = laterView;
    for (SlotState slot : ring) {
      if (slot != null) {
        slot.enter(laterView);
      }
    }
  }

  /** What a new view doesn't propose again isn't waited for: only this much is known. */
  void known(long last) {
    known = Math.max(low, last);
  }

  /** The slots above {@code seq}, in order; a copy. */
  public List<SlotState> above(long seq) {
    List<SlotState> slots = new ArrayList<>();
    for (SlotState slot : ring) {
      if (slot != null && slot.seq() > seq && retains(slot.seq())) {
        slots.add(slot);
      }
    }
    slots.sort(Comparator.comparingLong(SlotState::seq));
    return slots;
  }

  /** Moves both watermarks, and what is retained; returns the slots that are retained no more. */
  public List<SlotState> advance(long stable, long executed) {
    Invariant.check(
        Property.SAID_STAYS_SAID, stable >= low, "the low watermark never goes back", stable);
    low = stable;
    known = Math.max(known, low);
    long newFloor = Math.max(floor, Math.max(low - width, Math.min(low, executed)));
    if (newFloor == floor) {
      return List.of();
    }
    List<SlotState> dropped = new ArrayList<>();
    if (newFloor - floor >= ring.length) {
      for (int i = 0; i < ring.length; i++) {
        drop(i, newFloor, dropped);
      }
    } else {
      for (long seq = floor + 1; seq <= newFloor; seq++) {
        drop(index(seq), newFloor, dropped);
      }
    }
    floor = newFloor;
    return dropped;
  }

  /** The first position of any record that a slot above {@code seq} needs, or {@code none}. */
  public long firstPosition(long above, long none) {
    long first = none;
    for (SlotState slot : ring) {
      if (slot != null && slot.seq() > above && slot.firstPosition() > 0) {
        first = Math.min(first, slot.firstPosition());
      }
    }
    return first;
  }

  private void drop(int index, long upTo, List<SlotState> dropped) {
    SlotState slot = ring[index];
    if (slot != null && slot.seq() <= upTo) {
      dropped.add(slot);
      ring[index] = null;
    }
  }

  private int index(long seq) {
    return (int) (seq % ring.length);
  }
}

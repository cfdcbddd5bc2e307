package io.tallystick.bft.engine;

import java.util.ArrayList;
import java.util.List;

/** The effects of one step, in order. Used by one thread; emptied by the host after each step. */
public final class Effects {
  private final List<Effect> list = new ArrayList<>();

  /** Appends an effect. */
  public void add(Effect effect) {
    list.add(effect);
  }

  /** What was appended since the last {@link #clear}. */
  public List<Effect> list() {
    return list;
  }

  /** Forgets all. */
  public void clear() {
    list.clear();
  }
}

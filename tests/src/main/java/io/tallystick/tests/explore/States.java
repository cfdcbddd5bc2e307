package io.tallystick.tests.explore;

/** The hashes of the states that were visited. For any thread. */
final class States {
  private static final int STRIPES = 64;

  private final Stripe[] stripes = new Stripe[STRIPES];

  States() {
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  /** Enters a state; false when it was there. */
  boolean enter(long hash) {
    return stripes[(int) (hash >>> 58)].enter(hash == 0 ? 1 : hash);
  }

  /** How many. */
  long size() {
    long size = 0;
    for (Stripe stripe : stripes) {
      size += stripe.size();
    }
    return size;
  }

  private static final class Stripe {
    private long[] slots = new long[1 << 10];
    private int used;

    synchronized boolean enter(long hash) {
      int at = slot(slots, hash);
      if (slots[at] == hash) {
        return false;
      }
      slots[at] = hash;
      if (++used * 2 > slots.length) {
        long[] larger = new long[2 * slots.length];
        for (long each : slots) {
          if (each != 0) {
            larger[slot(larger, each)] = each;
          }
        }
        slots = larger;
      }
      return true;
    }

    private static int slot(long[] slots, long hash) {
      int mask = slots.length - 1;
      int at = (int) (hash >>> 11) & mask;
      while (slots[at] != 0 && slots[at] != hash) {
        at = at + 1 & mask;
      }
      return at;
    }

    synchronized int size() {
      return used;
    }
  }
}

package io.tallystick.tests.sim;

import java.util.Arrays;

/** From 64-bit keys, which are hashes, to 64-bit values; open addressing. For one thread. */
final class LongMap {
  private long[] keys = new long[1 << 12];
  private long[] values = new long[1 << 12];
  private int used;

  /** The value of a key, 0 if it has none; entered as {@code value} if it has none. */
  long putIfAbsent(long key, long value) {
    long name = key == 0 ? 1 : key;
    int at = slot(name);
    if (keys[at] == name) {
      return values[at];
    }
    keys[at] = name;
    values[at] = value;
    if (++used * 2 > keys.length) {
      grow();
    }
    return 0;
  }

  /** Whether the key is there. */
  boolean contains(long key) {
    long name = key == 0 ? 1 : key;
    return keys[slot(name)] == name;
  }

  void clear() {
    Arrays.fill(keys, 0);
    used = 0;
  }

  private int slot(long name) {
    int mask = keys.length - 1;
    int at = (int) (name >>> 17) & mask;
    while (keys[at] != 0 && keys[at] != name) {
      at = at + 1 & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValues = values;
    keys = new long[2 * oldKeys.length];
    values = new long[2 * oldKeys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}

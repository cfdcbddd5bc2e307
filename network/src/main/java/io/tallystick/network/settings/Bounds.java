package io.tallystick.network.settings;

/** Refuses values that no setting may have, saying which and what would be right. */
final class Bounds {
  private Bounds() {}

  static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }
}

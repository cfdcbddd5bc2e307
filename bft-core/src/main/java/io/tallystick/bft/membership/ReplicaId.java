package io.tallystick.bft.membership;

/** Names one replica for ever: a small integer that is never used again for another. */
public record ReplicaId(int value) implements Comparable<ReplicaId> {
  /** The largest id that can be written. */
  public static final int VALUE_MAX = 0xffff;

  /** Refuses ids that the wire cannot carry. */
  public ReplicaId {
    if (value < 0 || value > VALUE_MAX) {
      throw new IllegalArgumentException("replica id: " + value + " (expected: 0 to 65535)");
    }
  }

  @Override
  public int compareTo(ReplicaId other) {
    return Integer.compare(value, other.value);
  }

  @Override
  public String toString() {
    return "r" + value;
  }
}

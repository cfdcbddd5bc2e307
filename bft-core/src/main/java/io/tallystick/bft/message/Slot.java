package io.tallystick.bft.message;

/** Names one ordering attempt: view and sequence number travel together and cannot be swapped. */
public record Slot(long view, long seq) implements Comparable<Slot> {
  @Override
  public int compareTo(Slot other) {
    int bySeq = Long.compare(seq, other.seq);
    return bySeq != 0 ? bySeq : Long.compare(view, other.view);
  }
}

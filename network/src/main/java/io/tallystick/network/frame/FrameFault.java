package io.tallystick.network.frame;

/** What no correct sender's frame has. */
public enum FrameFault {
  /** Announces more than this sender may send, or a negative length. */
  FRAME_TOO_LONG,
  /** Its counter isn't the next: replayed, dropped or reordered. */
  WRONG_COUNTER,
  /** Its MAC doesn't verify. */
  WRONG_MAC
}

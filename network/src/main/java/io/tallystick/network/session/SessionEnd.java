package io.tallystick.network.session;

import io.tallystick.network.frame.FrameFault;
import java.util.Locale;

/** Why a session is over. */
public enum SessionEnd {
  /** The other side closed. */
  CLOSED_BY_PEER(false),
  /** The connection broke. */
  BROKEN(false),
  /** Nothing arrived for too long, not even a keepalive. */
  SILENT(false),
  /** The other side takes nothing of what waits for it. */
  STALLED(false),
  /** A newer session with the same replica took its place. */
  REPLACED(false),
  /** We are closing. */
  SHUTDOWN(false),
  /** We are wrong: processing threw. */
  INTERNAL(false),
  /** All sessions together hold too much, and this one more than its share. */
  OVER_BUDGET(true),
  /** A frame took too long from its first byte to its last. */
  FRAME_TOO_SLOW(true),
  /** {@link FrameFault#FRAME_TOO_LONG}. */
  FRAME_TOO_LONG(true),
  /** {@link FrameFault#WRONG_COUNTER}. */
  WRONG_COUNTER(true),
  /** {@link FrameFault#WRONG_MAC}. */
  WRONG_MAC(true),
  /** A payload that no correct sender sends. */
  MALFORMED(true);

  private final boolean fault;

  SessionEnd(boolean fault) {
    this.fault = fault;
  }

  /** Whether the other side is to blame: counted as such, and nothing more of it is processed. */
  public boolean fault() {
    return fault;
  }

  /** Names it in metrics and logs. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  static SessionEnd of(FrameFault fault) {
    return switch (fault) {
      case FRAME_TOO_LONG -> FRAME_TOO_LONG;
      case WRONG_COUNTER -> WRONG_COUNTER;
      case WRONG_MAC -> WRONG_MAC;
    };
  }
}

package io.tallystick.network.session;

import io.tallystick.network.settings.SessionSettings;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** When things last happened in a session, and what follows from that. Event loop only. */
final class SessionClock {
  private static final long TICK_MILLIS_MAX = 500;

  private final SessionSettings settings;
  private long receivedNanos;
  private long sentNanos;
  private long progressNanos;
  private long frameNanos;
  private boolean inFrame;
  private long waitingBytes;
  private long progressBytes;

  SessionClock(SessionSettings settings, long now) {
    this.settings = settings;
    receivedNanos = now;
    sentNanos = now;
    progressNanos = now;
  }

  /** How often to look, so that nothing is noticed much later than it is due. */
  static long tickMillis(SessionSettings settings) {
    long shortest =
        Math.min(
            Math.min(settings.keepaliveMillis(), settings.silenceMillisMax()),
            Math.min(settings.frameMillisMax(), settings.stallMillisMax()));
    return Math.clamp(shortest / 4, 1, TICK_MILLIS_MAX);
  }

  /** Bytes arrived, or reading starts again. */
  void received(long now) {
    receivedNanos = now;
  }

  /** A whole frame arrived. */
  void frameDone() {
    inFrame = false;
  }

  /** Whether a part of a frame is there and more of it is read. */
  void partial(boolean present, long now) {
    if (present && !inFrame) {
      frameNanos = now;
    }
    inFrame = present;
  }

  void sent(long now) {
    sentNanos = now;
  }

  /** The operating system took something of what waits. */
  void progressed(long now) {
    progressNanos = now;
  }

  /** So much waits in the connection; less than before is progress. */
  void waiting(long bytes, long now) {
    if (bytes < waitingBytes) {
      progressNanos = now;
    }
    waitingBytes = bytes;
  }

  /** So much of the write under way was taken; another figure than before is progress. */
  void inProgress(long bytes, long now) {
    if (bytes != progressBytes) {
      progressNanos = now;
    }
    progressBytes = bytes;
  }

  boolean keepaliveDue(long now) {
    return past(sentNanos, settings.keepaliveMillis(), now);
  }

  /**
   * Why the session is to end now, or null.
   *
   * @param paused whether we have stopped reading: then silence is our own
   * @param idle whether nothing waits to be sent
   */
  @Nullable SessionEnd due(boolean paused, boolean idle, long now) {
    if (idle && waitingBytes == 0) {
      progressNanos = now;
    }
    if (past(progressNanos, settings.stallMillisMax(), now)) {
      return SessionEnd.STALLED;
    }
    if (!paused && inFrame && past(frameNanos, settings.frameMillisMax(), now)) {
      return SessionEnd.FRAME_TOO_SLOW;
    }
    if (!paused && past(receivedNanos, settings.silenceMillisMax(), now)) {
      return SessionEnd.SILENT;
    }
    return null;
  }

  private static boolean past(long since, int millis, long now) {
    return now - since > TimeUnit.MILLISECONDS.toNanos(millis);
  }
}

package io.tallystick.bft.host;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A data directory without a journal that isn't fresh either: its disk was lost, or it was restored
 * in part. The replica may have voted before, so it must not vote again as if it hadn't.
 */
public final class LostDiskException extends IOException {
  private static final long serialVersionUID = 1;

  LostDiskException(Path dataDirectory) {
    super(
        dataDirectory
            + ": no journal, and no mark of a fresh replica (expected: the journal of this replica,"
            + " or the mark that `init` leaves). If its disk was lost, the replica must not vote"
            + " where it may have voted before: it stays down until it can rejoin");
  }
}

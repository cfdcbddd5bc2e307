package io.tallystick.bft.journal;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Something that was durable can't be read. Nobody repairs that: a replica that forgot what it
 * vouched for must not vote.
 */
public final class DamagedJournalException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final long offset;

  DamagedJournalException(Path file, long offset, String what) {
    super(file + ": damaged at offset " + offset + ": " + what);
    this.file = file;
    this.offset = offset;
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Where in the file, in bytes. */
  public long offset() {
    return offset;
  }
}

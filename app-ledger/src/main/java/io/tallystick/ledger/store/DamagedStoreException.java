package io.tallystick.ledger.store;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the store isn't what was once written and synced: a person must look. */
public final class DamagedStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the place.
   *
   * @param file which file, or directory
   * @param offset from where on it is wrong, in bytes
   * @param what is wrong there
   */
  public DamagedStoreException(Path file, long offset, String what) {
    super(file + " at offset " + offset + ": " + what);
  }
}

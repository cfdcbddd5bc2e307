package io.tallystick.ledger.export;

import java.io.IOException;

/** The export wasn't written: its target or its source isn't fit, and trying again won't help. */
public final class ExportRefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what isn't fit, and what would be. */
  public ExportRefusedException(String message) {
    super(message);
  }
}

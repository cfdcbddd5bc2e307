package io.tallystick.ledger.verify;

import io.tallystick.ledger.verify.VerifyReport.Broken;
import java.util.OptionalLong;

/** Ends a verification at the first thing that is wrong. Never leaves the package. */
final class BrokenExportException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Broken broken;

  private BrokenExportException(Broken broken) {
    super(broken.line());
    this.broken = broken;
  }

  static BrokenExportException at(String file, String what) {
    return new BrokenExportException(new Broken(what, file, OptionalLong.empty()));
  }

  static BrokenExportException at(String file, long entry, String what) {
    return new BrokenExportException(new Broken(what, file, OptionalLong.of(entry)));
  }

  Broken broken() {
    return broken;
  }
}

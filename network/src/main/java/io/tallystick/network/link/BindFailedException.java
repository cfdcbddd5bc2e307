package io.tallystick.network.link;

import java.io.IOException;

/** A node couldn't listen where it was told to. The message says where, why, and what to do. */
public final class BindFailedException extends IOException {
  private static final long serialVersionUID = 1;

  BindFailedException(HostAddress address, Throwable cause) {
    super(
        "cannot listen on "
            + address
            + ": "
            + cause.getMessage()
            + " (expected: a free port on an address of this machine; see who holds it with"
            + " `ss -ltnp`, or change the address in node.yaml)",
        cause);
  }
}

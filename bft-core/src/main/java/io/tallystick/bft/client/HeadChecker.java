package io.tallystick.bft.client;

import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Signature;

/** Verifies signatures on tree heads under the keys of one epoch's membership. Pure. */
public interface HeadChecker {
  /** Whether the cosignature is the named replica's. */
  boolean cosigned(HeadCosignature cosignature);

  /** Whether the signature is the log key's on that head. */
  boolean logged(TreeHead head, Signature signature);
}

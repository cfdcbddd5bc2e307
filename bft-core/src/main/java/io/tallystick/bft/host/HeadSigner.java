package io.tallystick.bft.host;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.note.Checkpoint;
import io.tallystick.crypto.note.Cosignature;

/**
 * Signs tree heads: as a cosigner with ledger time, and as the log. Deterministic, so that a head
 * that is signed again after a crash bears the same bytes. Any thread.
 */
final class HeadSigner {
  private static final long MICROS_OF_A_SECOND = 1_000_000;

  private final ReplicaId self;
  private final String origin;
  private final HostKeys keys;

  HeadSigner(ReplicaId self, String origin, HostKeys keys) {
    this.self = self;
    this.origin = origin;
    this.keys = keys;
  }

  /** The note's text that stands for a head. */
  String noteText(TreeHead head) {
    return Checkpoint.of(origin, head.size(), head.root()).text();
  }

  /** Our cosignature, at ledger time. */
  HeadCosignature cosign(TreeHead head, long ledgerTimeMicros) {
    long seconds = ledgerTimeMicros / MICROS_OF_A_SECOND;
    Cosignature cosignature = Cosignature.sign(keys.cosignature(), seconds, noteText(head));
    return new HeadCosignature(self, head, seconds, cosignature.signature());
  }

  /** The log key's signature. */
  Signature logSignature(TreeHead head) {
    return Ed25519.sign(keys.log(), Bytes.utf8(noteText(head)).unsafeArray());
  }
}

package io.tallystick.bft.engine;

import io.tallystick.bft.message.PreparedCertificate;
import io.tallystick.bft.message.StableCheckpoint;
import io.tallystick.crypto.Digest;
import java.util.List;

/**
 * How the certificates of a view-change become the digest that its signature covers: SHA-256 of
 * their fields as sent. The codec's, as nothing else encodes; a pure function.
 */
@FunctionalInterface
public interface CertificatesDigest {
  /** The digest of these certificates. */
  Digest of(List<StableCheckpoint> stable, List<PreparedCertificate> prepared);
}

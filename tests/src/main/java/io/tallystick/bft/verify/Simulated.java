package io.tallystick.bft.verify;

import io.tallystick.bft.membership.Membership;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;

/**
 * The simulator's way into this package: the same checks over stand-in signatures, and the wrapping
 * of what a correct replica sent, whose engine only ever holds what was verified.
 */
public final class Simulated {
  private Simulated() {}

  /** Stands in for Ed25519. */
  @FunctionalInterface
  public interface Check {
    /** Whether the signature is the key's on these bytes. */
    boolean verify(PublicKey key, byte[] signed, Signature signature);
  }

  /** Calls it verified. */
  public static <T> Verified<T> trusted(T value) {
    return new Verified<>(value);
  }

  /** A verifier of the cluster named by {@code cluster} that asks {@code check} for signatures. */
  public static Verifier verifier(
      Digest cluster, Membership membership, Parameters parameters, String origin, Check check) {
    return new Verifier(cluster, membership, parameters, origin, check::verify);
  }
}

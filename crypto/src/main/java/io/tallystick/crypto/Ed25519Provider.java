package io.tallystick.crypto;

/**
 * An implementation of Ed25519 behind {@link Ed25519}, which screens what it is asked: keys are of
 * prime order, and signatures have canonical parts and no R of small order. For those, every
 * provider must answer by the cofactorless equation {@code [S]B = R + [k]A} exactly, so that all
 * replicas judge alike whatever they run on. Safe on any thread.
 */
interface Ed25519Provider {
  /** How it is called in logs and metrics. */
  String name();

  /** Signs; deterministic (RFC 8032). */
  Signature sign(PrivateKey key, byte[] message);

  /** The verdict on a signature that was screened. */
  boolean verify(PreparedKey key, byte[] message, Signature signature);
}

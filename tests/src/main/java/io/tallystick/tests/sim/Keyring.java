package io.tallystick.tests.sim;

import io.tallystick.bft.verify.Simulated;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.util.HashMap;
import java.util.Map;

/**
 * All private keys of a simulated cluster. The public keys are the same in both kinds: real Ed25519
 * keys. Nobody but the simulator holds a ring; a liar holds {@link Signer}s of his own.
 */
public final class Keyring {
  /** Signs with one key. */
  @FunctionalInterface
  public interface Signer {
    /** The key's signature on these bytes. */
    Signature sign(byte[] bytes);
  }

  private final Map<PublicKey, Long> secrets = new HashMap<>();
  private final Map<PublicKey, PrivateKey> keys = new HashMap<>();
  private final boolean real;

  /**
   * An empty ring.
   *
   * @param real whether it signs with Ed25519; else with a keyed hash, a hundred times as fast,
   *     that nobody can compute who lacks the key
   */
  public Keyring(boolean real) {
    this.real = real;
  }

  /** Puts a key on the ring. */
  public void add(PrivateKey key, int seed) {
    keys.put(key.publicKey(), key);
    secrets.put(key.publicKey(), Dice.mix(Dice.mix(0x7a11L + seed) ^ 0x5ec2e7L));
  }

  /** Signs with the key that goes with this one. */
  public Signer signer(PublicKey key) {
    PrivateKey secret = keys.get(key);
    Long stand = secrets.get(key);
    if (secret == null || stand == null) {
      throw new IllegalArgumentException("key: " + key + " (expected: one on the ring)");
    }
    long standIn = stand;
    return real ? bytes -> Ed25519.sign(secret, bytes) : bytes -> keyed(standIn, bytes);
  }

  /** What verifies the ring's signatures. */
  public Simulated.Check check() {
    return real ? Ed25519::verify : this::matches;
  }

  private boolean matches(PublicKey key, byte[] signed, Signature signature) {
    Long secret = secrets.get(key);
    return secret != null && keyed(secret, signed).equals(signature);
  }

  /** 128 bits that depend on every bit of key and bytes; the rest of the signature is zero. */
  private static Signature keyed(long secret, byte[] bytes) {
    long one = secret;
    long other = Long.rotateLeft(secret, 32) ^ bytes.length;
    int at = 0;
    for (; at + 8 <= bytes.length; at += 8) {
      long word = word(bytes, at, 8);
      one = Dice.mix(one ^ word);
      other = (other ^ word) * 0x9fb21c651e98df25L;
      other ^= other >>> 29;
    }
    one = Dice.mix(one ^ word(bytes, at, bytes.length - at));
    other = Dice.mix(other + one);
    byte[] whole = new byte[Signature.LENGTH];
    for (int i = 0; i < 8; i++) {
      whole[i] = (byte) (one >>> 8 * i);
      whole[8 + i] = (byte) (other >>> 8 * i);
    }
    return new Signature(Bytes.wrap(whole));
  }

  private static long word(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (bytes[from + i] & 0xffL) << 8 * i;
    }
    return word;
  }
}

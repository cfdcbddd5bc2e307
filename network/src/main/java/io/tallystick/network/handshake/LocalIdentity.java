package io.tallystick.network.handshake;

import io.tallystick.bft.membership.Membership;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PrivateKey;
import java.security.SecureRandom;
import java.util.function.Supplier;

/**
 * Who we are in handshakes.
 *
 * @param self a member's id, or a client's key
 * @param key the identity key that signs transcripts
 * @param cluster H(genesis.json)
 * @param membership the replicas whose keys are believed
 * @param announcement asked at each handshake
 * @param random for ephemeral keys and nonces
 */
public record LocalIdentity(
    Party self,
    PrivateKey key,
    Digest cluster,
    Membership membership,
    Supplier<Announcement> announcement,
    SecureRandom random) {
  /** Refuses a key that isn't the member's: no peer would believe it. */
  public LocalIdentity {
    switch (self) {
      case Party.Replica(var id) -> {
        if (!membership
            .member(id)
            .map(member -> member.identityKey().equals(key.publicKey()))
            .orElse(false)) {
          throw new IllegalArgumentException(
              "identity key: " + key.publicKey() + " (expected: the key of " + id + " in genesis)");
        }
      }
      case Party.Client(var client) -> {
        if (!client.equals(key.publicKey())) {
          throw new IllegalArgumentException(
              "client key: " + client + " (expected: " + key.publicKey() + ")");
        }
      }
    }
  }
}

package io.tallystick.bft.host;

import io.tallystick.bft.membership.Member;
import io.tallystick.crypto.PrivateKey;

/**
 * What a replica signs with.
 *
 * @param identity protocol statements
 * @param cosignature tree heads, and nothing else
 * @param log tree heads, for tools that ask for a log's line: every replica holds it
 */
public record HostKeys(PrivateKey identity, PrivateKey cosignature, PrivateKey log) {
  /** Refuses keys that aren't those the membership names. */
  void check(Member member) {
    if (!identity.publicKey().equals(member.identityKey())) {
      throw new IllegalArgumentException(
          "identity key: "
              + identity.publicKey()
              + " (expected: "
              + member.identityKey()
              + ", as genesis has it)");
    }
    if (!cosignature.publicKey().equals(member.cosignatureKey())) {
      throw new IllegalArgumentException(
          "cosignature key: "
              + cosignature.publicKey()
              + " (expected: "
              + member.cosignatureKey()
              + ", as genesis has it)");
    }
  }
}

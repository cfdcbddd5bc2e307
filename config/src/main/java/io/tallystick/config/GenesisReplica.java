package io.tallystick.config;

import io.tallystick.bft.membership.Member;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.note.VerifierKey;

/**
 * One replica of genesis: a member, and where it listens.
 *
 * @param member its id, keys, and cosignature name
 * @param address where peers and clients reach it
 */
public record GenesisReplica(Member member, Address address) {

  /** A replica whose cosignature name is the one that its id and the ledger's name give it. */
  public static GenesisReplica of(
      ReplicaId id, String origin, PublicKey identityKey, PublicKey cosignatureKey, Address at) {
    return new GenesisReplica(
        new Member(id, identityKey, cosignatureKey, cosignatureName(id, origin)), at);
  }

  /** The key name on a replica's lines of a signed note: {@code r<id>.<origin>}. */
  public static String cosignatureName(ReplicaId id, String origin) {
    return id + "." + origin;
  }

  /** Its id. */
  public ReplicaId id() {
    return member.id();
  }

  /** Its cosignature key in the notation of signed notes. */
  public VerifierKey cosignatureVkey() {
    return VerifierKey.cosigner(member.cosignatureName(), member.cosignatureKey());
  }
}

package io.tallystick.bft.membership;

import io.tallystick.crypto.PublicKey;

/**
 * One replica of an epoch.
 *
 * @param id its id
 * @param identityKey signs its protocol statements and handshakes
 * @param cosignatureKey signs tree heads, and nothing else
 * @param cosignatureName the key name on its lines of a signed note
 */
public record Member(
    ReplicaId id, PublicKey identityKey, PublicKey cosignatureKey, String cosignatureName) {}

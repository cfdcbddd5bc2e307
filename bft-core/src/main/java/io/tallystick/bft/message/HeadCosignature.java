package io.tallystick.bft.message;

import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.crypto.Signature;

/**
 * One replica's cosignature (C2SP tlog-cosignature, type 0x04) on a tree head.
 *
 * @param timeSeconds ledger time rounded down to seconds, part of what is signed
 */
public record HeadCosignature(
    ReplicaId replica, TreeHead head, long timeSeconds, Signature signature) {}

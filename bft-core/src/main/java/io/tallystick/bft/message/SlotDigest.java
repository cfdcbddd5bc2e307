package io.tallystick.bft.message;

import io.tallystick.crypto.Digest;

/** What a vote says of one sequence number. */
public record SlotDigest(long seq, Digest batch) {}

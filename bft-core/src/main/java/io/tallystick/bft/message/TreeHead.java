package io.tallystick.bft.message;

import io.tallystick.crypto.Digest;

/** Size and RFC 6962 root of the application's append-only tree. */
public record TreeHead(long size, Digest root) {}

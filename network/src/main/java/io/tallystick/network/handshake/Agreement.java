package io.tallystick.network.handshake;

import io.tallystick.crypto.SessionKeys;

/**
 * What a finished handshake gives.
 *
 * @param peer who proved to be at the other end
 * @param announcement what it said under its signature
 * @param version the newest wire version that both speak
 * @param keys of the frames' MACs, one for each direction
 * @param tls whether TLS protects the frames, in the MAC's place
 */
public record Agreement(
    Party peer, Announcement announcement, int version, SessionKeys keys, boolean tls) {}

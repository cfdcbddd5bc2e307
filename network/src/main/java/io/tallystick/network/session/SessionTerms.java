package io.tallystick.network.session;

import io.tallystick.network.settings.SessionSettings;

/**
 * What a session may cost, and who is told of it.
 *
 * @param receivedPayloadBytesMax largest payload that the other side may send
 * @param sentPayloadBytesMax largest payload that it takes from us
 * @param budget that all sessions of its kind share
 * @param lane in which the pool serves it
 */
public record SessionTerms(
    SessionSettings settings,
    int receivedPayloadBytesMax,
    int sentPayloadBytesMax,
    ByteBudget budget,
    Lane lane,
    SessionEvents events) {}

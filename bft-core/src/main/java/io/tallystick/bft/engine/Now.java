package io.tallystick.bft.engine;

/**
 * The time of a step, as the host read it.
 *
 * @param ticks monotonic milliseconds from an arbitrary origin: what timers use
 * @param wallMicros wall time in microseconds since 1970: what timestamps use, and are checked by
 */
public record Now(long ticks, long wallMicros) {}

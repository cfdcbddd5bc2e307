package io.tallystick.tests.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param micros virtual time that passed
 * @param trace hash of all that happened, in order
 * @param violation what must not be; null if nothing was found
 * @param story for people: what was to happen, and how everybody stands
 */
public record Result(
    long seed,
    long micros,
    long commits,
    long views,
    long faults,
    long steps,
    long trace,
    @Nullable Violation violation,
    List<String> story) {}

package io.tallystick.house.seeded.bft.verify;

/** Like the real one, but with a constructor that others can reach. */
public record Verified<T>(T value) {}

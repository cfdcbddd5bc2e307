/**
 * The house rules as ordinary tests: who imports whom, what the engine may not touch, sizes, names,
 * words, and that every protocol rule has its place in code and tests.
 *
 * <p>Run by {@code mvn verify} on the classes and sources of all modules. Each rule is shown to
 * bite: {@code seeded} holds classes, and the {@code Seeded…} tests sources, that break it.
 */
@NullMarked
package io.tallystick.house;

import org.jspecify.annotations.NullMarked;

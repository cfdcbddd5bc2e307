package io.tallystick.tests.sim;

import io.tallystick.bft.engine.Property;

/** Something that must never happen did, or something that must happen didn't. */
public final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String property;

  /** Of a property of design 3. */
  public Violation(Property property, String detail) {
    this(property.label(), detail);
  }

  /** Of something else that is wanted, such as {@code liveness}. */
  public Violation(String property, String detail) {
    super(property + ": " + detail);
    this.property = property;
  }

  /** What was violated. */
  public String property() {
    return property;
  }
}

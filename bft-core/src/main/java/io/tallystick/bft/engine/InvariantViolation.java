package io.tallystick.bft.engine;

/**
 * We are wrong: a property that the engine must keep doesn't hold. The replica stops voting, keeps
 * its journal, and says this.
 */
public final class InvariantViolation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Property property;

  /** Names the property and the values that break it. */
  public InvariantViolation(Property property, String detail) {
    super(property.label() + ": " + detail);
    this.property = property;
  }

  /** Which property is broken. */
  public Property property() {
    return property;
  }
}

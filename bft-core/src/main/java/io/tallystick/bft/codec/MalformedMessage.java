package io.tallystick.bft.codec;

/**
 * Bytes that no correct sender sends. The message names the field, what was there, and what would
 * be right. Costs no stack trace, since a sender may cause as many as it likes.
 */
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1;

  private final String field;
  private final String fault;

  MalformedMessage(String field, String fault) {
    super(field + ": " + fault, null, false, false);
    this.field = field;
    this.fault = fault;
  }

  /** Path of the field, for example {@code ballot.slots.batch}. */
  public String field() {
    return field;
  }

  /** The same, seen from a message that holds the field's message as {@code outer}. */
  MalformedMessage within(String outer) {
    return new MalformedMessage(outer + "." + field, fault);
  }
}

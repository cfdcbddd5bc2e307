package io.tallystick.crypto.note;

/** A note, key, checkpoint, proof or policy that isn't what its format says. */
public final class MalformedNoteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final int SHOWN_MAX = 100;

  /**
   * Reads {@code what: found (expected: expected)}; a long {@code found} is shortened.
   *
   * @param what which part of the input, with its line where there is one
   * @param found what was there
   * @param expected what would have been right
   */
  public MalformedNoteException(String what, Object found, String expected) {
    super(what + ": " + shown(found.toString()) + " (expected: " + expected + ")");
  }

  private static String shown(String found) {
    return found.length() <= SHOWN_MAX ? found : found.substring(0, SHOWN_MAX) + "…";
  }
}

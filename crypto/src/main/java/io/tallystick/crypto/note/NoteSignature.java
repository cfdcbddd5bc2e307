package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import java.util.Arrays;

/**
 * One signature line of a note: {@code — name base64(key id || blob)}. Says who claims to have
 * signed; {@link VerifierKey#verify} says whether that is so.
 *
 * @param blob the signature, in the layout of the key's type
 */
public record NoteSignature(String name, int keyId, Bytes blob) {
  private static final String START = "— ";

  /**
   * Checks the name.
   *
   * @throws MalformedNoteException when it can't stand in a line, or the blob is empty
   */
  public NoteSignature {
    NoteText.keyName("signature name", name);
    if (requireNonNull(blob, "blob").isEmpty()) {
      throw new MalformedNoteException("signature", "no bytes", "a signature");
    }
  }

  /**
   * Parses a line without its newline.
   *
   * @param what how to call the line in an error
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static NoteSignature parse(String what, String line) {
    int space = line.indexOf(' ', START.length());
    if (!line.startsWith(START) || space < 0) {
      throw new MalformedNoteException(what, "'" + line + "'", "— name base64");
    }
    byte[] bytes = NoteText.base64(what, line.substring(space + 1));
    if (bytes.length < 5) {
      throw new MalformedNoteException(
          what, bytes.length + " bytes", "a key id of 4 and a signature");
    }
    int keyId =
        (bytes[0] & 0xff) << 24
            | (bytes[1] & 0xff) << 16
            | (bytes[2] & 0xff) << 8
            | bytes[3] & 0xff;
    return new NoteSignature(
        line.substring(START.length(), space),
        keyId,
        Bytes.wrap(Arrays.copyOfRange(bytes, 4, bytes.length)));
  }

  /** The line, without its newline. */
  @Override
  public String toString() {
    byte[] bytes = new byte[4 + blob.size()];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (keyId >>> 8 * (3 - i));
    }
    System.arraycopy(blob.unsafeArray(), 0, bytes, 4, blob.size());
    return START + name + " " + NoteText.base64(Bytes.wrap(bytes));
  }
}

package io.tallystick.crypto.note;

/**
 * A signature line that its key did make on the note it stands in.
 *
 * @param timestampSeconds of a cosignature; 0 for a log's signature, which has none
 */
public record VerifiedLine(VerifierKey key, NoteSignature line, long timestampSeconds) {
  static VerifiedLine of(VerifierKey key, NoteSignature line) {
    long timestampSeconds =
        key.type() == VerifierKey.COSIGNATURE
            ? Cosignature.parse(line.blob()).orElseThrow().timestampSeconds()
            : 0;
    return new VerifiedLine(key, line, timestampSeconds);
  }
}

package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A timestamped Ed25519 cosignature (C2SP tlog-cosignature, type 0x04): as of that time, the note
 * is the largest consistent tree that the cosigner has seen of that origin. It doesn't commit to
 * the cosigner's name, so a cosigner's key is used for nothing else.
 *
 * @param timestampSeconds POSIX seconds, 0 to 2^63-1
 */
public record Cosignature(long timestampSeconds, Signature signature) {
  /** Length of the blob in a signature line, in bytes. */
  public static final int BLOB_LENGTH = 8 + Signature.LENGTH;

  /**
   * Checks the time's range.
   *
   * @throws MalformedNoteException when it is negative
   */
  public Cosignature {
    requireNonNull(signature, "signature");
    checkTimestamp(timestampSeconds);
  }

  /** The bytes that are signed, for a note with this text. */
  public static byte[] message(long timestampSeconds, String noteText) {
    checkTimestamp(timestampSeconds);
    return ("cosignature/v1\ntime " + timestampSeconds + "\n" + noteText)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Signs a note's text. */
  public static Cosignature sign(PrivateKey key, long timestampSeconds, String noteText) {
    return new Cosignature(
        timestampSeconds, Ed25519.sign(key, message(timestampSeconds, noteText)));
  }

  /** Reads a line's blob: empty when it isn't a time within range and a signature. */
  public static Optional<Cosignature> parse(Bytes blob) {
    if (blob.size() != BLOB_LENGTH) {
      return Optional.empty();
    }
    long timestampSeconds = ByteBuffer.wrap(blob.unsafeArray()).getLong();
    return timestampSeconds < 0
        ? Optional.empty()
        : Optional.of(new Cosignature(timestampSeconds, new Signature(blob.slice(8, BLOB_LENGTH))));
  }

  /** Whether this is {@code key}'s on a note with this text. */
  public boolean verify(PublicKey key, String noteText) {
    return Ed25519.verify(key, message(timestampSeconds, noteText), signature);
  }

  /** The signature line that shows it, for the cosigner with this key. */
  public NoteSignature line(VerifierKey cosigner) {
    if (cosigner.type() != VerifierKey.COSIGNATURE) {
      throw new IllegalArgumentException("cosigner: type " + cosigner.type() + " (expected: 4)");
    }
    ByteBuffer blob = ByteBuffer.allocate(BLOB_LENGTH);
    blob.putLong(timestampSeconds).put(signature.encoded().unsafeArray());
    return new NoteSignature(cosigner.name(), cosigner.keyId(), Bytes.wrap(blob.array()));
  }

  private static void checkTimestamp(long timestampSeconds) {
    if (timestampSeconds < 0) {
      throw new MalformedNoteException("cosignature time", timestampSeconds, "0 to 2^63-1");
    }
  }
}

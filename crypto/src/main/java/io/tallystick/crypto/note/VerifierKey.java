package io.tallystick.crypto.note;

import static java.util.Objects.requireNonNull;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A key that signs notes, as a C2SP vkey: {@code name+hex8(key id)+base64(type || key)}. The key id
 * is the one that follows from the rest, for every type whose rule is known.
 *
 * @param name of the signer; a log's is its origin
 * @param keyId the first four bytes of a hash over name, type and key
 * @param type one of the constants below, or one that this code doesn't know
 * @param material the key itself, without the type
 */
public record VerifierKey(String name, int keyId, int type, Bytes material) {
  /** Ed25519 over the note's text: a log's signature. */
  public static final int ED25519 = 0x01;

  /** ECDSA over SHA-256 of the note's text; verified, never made. */
  public static final int ECDSA = 0x02;

  /** Ed25519 over a time and the note's text: a witness's or replica's cosignature. */
  public static final int COSIGNATURE = 0x04;

  /** ML-DSA-44 cosignature; known by its key id, not verified. */
  public static final int ML_DSA_44 = 0x06;

  private static final int TEXT_MAX = 8192;
  private static final int ML_DSA_44_KEY_BYTES = 1312;

  /**
   * Checks name, type, length and key id.
   *
   * @throws MalformedNoteException when one of them doesn't fit the others
   */
  public VerifierKey {
    NoteText.keyName("vkey name", name);
    requireNonNull(material, "material");
    if (type < 0 || type > 0xff || material.isEmpty()) {
      throw new MalformedNoteException(
          "vkey", "type " + type + " with " + material.size() + " bytes", "a type and a key");
    }
    int length =
        switch (type) {
          case ED25519, COSIGNATURE -> PublicKey.LENGTH;
          case ML_DSA_44 -> ML_DSA_44_KEY_BYTES;
          default -> material.size();
        };
    if (material.size() != length) {
      throw new MalformedNoteException(
          "vkey of type " + type, material.size() + " bytes", Integer.toString(length));
    }
    if (hasKnownRule(type) && keyId != keyId(name, type, material)) {
      throw new MalformedNoteException("vkey key id", hex(keyId), hex(keyId(name, type, material)));
    }
  }

  /** A log's key (type 0x01). */
  public static VerifierKey log(String name, PublicKey key) {
    return of(name, ED25519, key.encoded());
  }

  /** A cosigner's key (type 0x04). */
  public static VerifierKey cosigner(String name, PublicKey key) {
    return of(name, COSIGNATURE, key.encoded());
  }

  private static VerifierKey of(String name, int type, Bytes material) {
    return new VerifierKey(name, keyId(name, type, material), type, material);
  }

  /**
   * Parses a vkey.
   *
   * @throws MalformedNoteException when it isn't exactly what {@link #toString()} writes
   */
  public static VerifierKey parse(String text) {
    if (text.length() > TEXT_MAX) {
      throw new MalformedNoteException("vkey", text.length() + " characters", "<= " + TEXT_MAX);
    }
    int first = text.indexOf('+');
    int second = first + 9;
    if (first < 0 || text.length() <= second || text.charAt(second) != '+') {
      throw new MalformedNoteException("vkey", "'" + text + "'", "name+8 hex digits+base64");
    }
    String hex = text.substring(first + 1, second);
    if (!hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
      throw new MalformedNoteException("vkey key id", "'" + hex + "'", "8 lowercase hex digits");
    }
    byte[] blob = NoteText.base64("vkey key", text.substring(second + 1));
    if (blob.length < 2) {
      throw new MalformedNoteException("vkey key", blob.length + " bytes", "a type and a key");
    }
    return new VerifierKey(
        text.substring(0, first),
        HexFormat.fromHexDigits(hex),
        blob[0] & 0xff,
        Bytes.wrap(blob).slice(1, blob.length));
  }

  /** Whether signatures by this key can be checked; else its lines count as unknown. */
  public boolean isVerifiable() {
    return type == ED25519 || type == COSIGNATURE || type == ECDSA;
  }

  /**
   * The Ed25519 key in it.
   *
   * @throws IllegalStateException when it is of another kind
   */
  public PublicKey publicKey() {
    if (type != ED25519 && type != COSIGNATURE) {
      throw new IllegalStateException("vkey of type " + type + " (expected: 1 or 4)");
    }
    return new PublicKey(material);
  }

  /** Whether the line is by this key: name and key id; says nothing about the signature. */
  public boolean names(NoteSignature line) {
    return keyId == line.keyId() && name.equals(line.name());
  }

  /** Whether {@code line} is this key's signature on a note with this text. */
  public boolean verify(String noteText, NoteSignature line) {
    byte[] text = noteText.getBytes(StandardCharsets.UTF_8);
    if (!names(line)) {
      return false;
    }
    return switch (type) {
      case ED25519 ->
          line.blob().size() == Signature.LENGTH
              && Ed25519.verify(publicKey(), text, new Signature(line.blob()));
      case COSIGNATURE ->
          Cosignature.parse(line.blob())
              .filter(cosignature -> cosignature.verify(publicKey(), noteText))
              .isPresent();
      case ECDSA -> EcdsaVerifier.verify(material, text, line.blob());
      default -> false;
    };
  }

  private static boolean hasKnownRule(int type) {
    return type == ED25519 || type == ECDSA || type == COSIGNATURE || type == ML_DSA_44;
  }

  private static int keyId(String name, int type, Bytes material) {
    Digest digest =
        type == ECDSA
            ? Digest.sha256(material)
            : Digest.sha256(
                name.getBytes(StandardCharsets.UTF_8),
                new byte[] {'\n', (byte) type},
                material.unsafeArray());
    return (int) (digest.prefix() >>> 32);
  }

  private static String hex(int keyId) {
    return HexFormat.of().toHexDigits(keyId);
  }

  /** The vkey. */
  @Override
  public String toString() {
    byte[] blob = new byte[1 + material.size()];
    blob[0] = (byte) type;
    System.arraycopy(material.unsafeArray(), 0, blob, 1, material.size());
    return name + "+" + hex(keyId) + "+" + NoteText.base64(Bytes.wrap(blob));
  }
}

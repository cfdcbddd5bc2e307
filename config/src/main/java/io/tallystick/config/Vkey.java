package io.tallystick.config;

import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A note verifier key, {@code name+hash+key} (C2SP signed-note): who signs lines of a note, how,
 * and with which key.
 *
 * @param name the key name
 * @param type {@link #LOG} or {@link #COSIGNATURE}
 * @param key the Ed25519 key
 */
public record Vkey(String name, int type, PublicKey key) {
  /** Signs the text of a note. */
  public static final int LOG = 0x01;

  /** Signs a time and a tree head. */
  public static final int COSIGNATURE = 0x04;

  /** Reads the text form, strictly; the message of the exception says what is wrong. */
  public static Vkey parse(String text) {
    String[] parts = text.split("\\+", 3);
    if (parts.length != 3 || parts[0].isEmpty()) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: name+hash+key)");
    }
    byte[] blob;
    try {
      blob = Base64.getDecoder().decode(parts[2]);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: base64 after the hash)", e);
    }
    if (blob.length != 1 + PublicKey.LENGTH) {
      throw new IllegalArgumentException(
          "\"" + text + "\": key of " + blob.length + " bytes (expected: 33)");
    }
    Vkey key = new Vkey(parts[0], blob[0], new PublicKey(Bytes.wrap(blob).slice(1, blob.length)));
    if (!key.toString().equals(text)) {
      throw new IllegalArgumentException("\"" + text + "\" (expected: " + key + ")");
    }
    return key;
  }

  @Override
  public String toString() {
    byte[] blob = new byte[1 + PublicKey.LENGTH];
    blob[0] = (byte) type;
    System.arraycopy(key.encoded().unsafeArray(), 0, blob, 1, PublicKey.LENGTH);
    Digest id = Digest.sha256((name + "\n").getBytes(StandardCharsets.UTF_8), blob);
    return name
        + "+"
        + HexFormat.of().formatHex(id.unsafeArray(), 0, 4)
        + "+"
        + Base64.getEncoder().encodeToString(blob);
  }
}

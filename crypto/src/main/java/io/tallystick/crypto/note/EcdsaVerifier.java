package io.tallystick.crypto.note;

import io.tallystick.crypto.Bytes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;

/** Checks type 0x02 lines, which older public logs sign with. Ours never do. */
final class EcdsaVerifier {
  private EcdsaVerifier() {}

  /** Whether {@code signature} (DER) is by {@code key} (DER SubjectPublicKeyInfo). */
  static boolean verify(Bytes key, byte[] text, Bytes signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(key.toArray())));
      verifier.update(text);
      return verifier.verify(signature.toArray());
    } catch (GeneralSecurityException e) {
      // Bad encodings of key or signature are bad signatures, not failures
      return false;
    }
  }
}

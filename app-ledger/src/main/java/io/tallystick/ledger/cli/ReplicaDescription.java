package io.tallystick.ledger.cli;

import io.tallystick.config.Address;
import io.tallystick.config.CanonicalJson;
import io.tallystick.config.ConfigException;
import io.tallystick.config.JsonException;
import io.tallystick.config.JsonObject;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import io.tallystick.crypto.Ed25519;
import io.tallystick.crypto.PrivateKey;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.Signature;
import io.tallystick.crypto.StatementWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The public half of a replica to be ({@code replica.json}), signed with both of its keys, so that
 * nobody can enter another's key, or change an address on the way.
 *
 * @param identityKey for statements and handshakes
 * @param cosignatureKey for tree heads
 * @param address where it will be reached
 * @param id its id, where it was chosen already
 */
record ReplicaDescription(
    PublicKey identityKey, PublicKey cosignatureKey, Address address, Optional<Integer> id) {
  private static final int BYTES_MAX = 4_096;

  /** The file's text. */
  String sign(PrivateKey identity, PrivateKey cosignature) {
    JsonObject body = body();
    byte[] signed = signedBytes(body);
    return body.put("identity_signature", Ed25519.sign(identity, signed).encoded().toHex())
            .put("cosignature_signature", Ed25519.sign(cosignature, signed).encoded().toHex())
            .toString()
        + "\n";
  }

  private JsonObject body() {
    JsonObject body =
        new JsonObject()
            .put("v", 1)
            .put("identity_key", identityKey.encoded().toHex())
            .put("cosignature_key", cosignatureKey.encoded().toHex())
            .put("address", address.toString());
    id.ifPresent(number -> body.put("id", number));
    return body;
  }

  private static byte[] signedBytes(JsonObject body) {
    return StatementWriter.context("replica")
        .digest(Digest.sha256(CanonicalJson.write(body)))
        .toArray();
  }

  /** Reads a file, and checks both signatures. */
  static ReplicaDescription read(Path file) throws ConfigException {
    try {
      if (Files.size(file) > BYTES_MAX) {
        throw new ConfigException(file, 0, "over 4096 bytes (expected: a replica.json)");
      }
      return parse(Bytes.wrap(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new ConfigException(Failures.reason(e));
    } catch (JsonException e) {
      throw new ConfigException(file, e);
    }
  }

  static ReplicaDescription parse(Bytes text) throws JsonException {
    JsonObject json = CanonicalJson.parse(text, BYTES_MAX);
    json.allow(
        "address",
        "cosignature_key",
        "cosignature_signature",
        "id",
        "identity_key",
        "identity_signature",
        "v");
    json.whole("v", 1, 1);
    Address address;
    try {
      address = Address.parse(json.text("address"));
    } catch (IllegalArgumentException e) {
      throw json.unfit("address", String.valueOf(e.getMessage()));
    }
    ReplicaDescription description =
        new ReplicaDescription(
            new PublicKey(hex(json, "identity_key", PublicKey.LENGTH)),
            new PublicKey(hex(json, "cosignature_key", PublicKey.LENGTH)),
            address,
            json.has("id") ? Optional.of((int) json.whole("id", 0, 65_535)) : Optional.empty());
    byte[] signed = signedBytes(description.body());
    check(json, "identity_signature", description.identityKey(), signed);
    check(json, "cosignature_signature", description.cosignatureKey(), signed);
    return description;
  }

  private static void check(JsonObject json, String member, PublicKey key, byte[] signed)
      throws JsonException {
    Signature signature = new Signature(hex(json, member, Signature.LENGTH));
    if (!Ed25519.verify(key, signed, signature)) {
      throw json.unfit(member, "not made by its key over this file (expected: the file unchanged)");
    }
  }

  private static Bytes hex(JsonObject json, String member, int length) throws JsonException {
    String text = json.text(member);
    if (!text.matches("[0-9a-f]{" + 2 * length + "}")) {
      throw json.unfit(member, "expected: " + 2 * length + " lowercase hex digits");
    }
    return Bytes.fromHex(text);
  }
}

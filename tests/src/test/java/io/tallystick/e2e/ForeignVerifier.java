package io.tallystick.e2e;

import com.google.protobuf.ByteString;
import dev.sigstore.proto.common.v1.HashAlgorithm;
import dev.sigstore.proto.common.v1.LogId;
import dev.sigstore.proto.common.v1.PublicKey;
import dev.sigstore.proto.common.v1.PublicKeyDetails;
import dev.sigstore.proto.trustroot.v1.TransparencyLogInstance;
import dev.sigstore.rekor.client.Checkpoints;
import dev.sigstore.rekor.client.ImmutableInclusionProof;
import dev.sigstore.rekor.client.ImmutableRekorEntry;
import dev.sigstore.rekor.client.ImmutableVerification;
import dev.sigstore.rekor.client.RekorEntry;
import dev.sigstore.rekor.client.RekorParseException;
import dev.sigstore.rekor.client.RekorVerificationException;
import dev.sigstore.rekor.client.RekorVerifier;
import dev.sigstore.trustroot.TransparencyLog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A verifier of transparency logs that others wrote (sigstore-java), given nothing but the log's
 * name and key: it parses checkpoint and tlog-proof, checks the log's line, and the inclusion. To
 * it a log is a host, so the ledger's name must be one.
 */
final class ForeignVerifier {
  private static final int ED25519_KEY_BYTES = 32;
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  private final RekorVerifier verifier;
  private final String logId;

  private ForeignVerifier(RekorVerifier verifier, String logId) {
    this.verifier = verifier;
    this.logId = logId;
  }

  /** Trusts the log of a C2SP verifier key {@code <name>+<id>+<base64>}. */
  static ForeignVerifier of(String vkey) throws NoSuchAlgorithmException {
    String[] parts = vkey.split("\\+", 3);
    byte[] typed = Base64.getDecoder().decode(parts[2]);
    if (typed.length != 1 + ED25519_KEY_BYTES || typed[0] != 1) {
      throw new AssertionError("not the verifier key of a log: " + vkey);
    }
    byte[] keyId = keyId(parts[0], typed);
    TransparencyLog log =
        TransparencyLog.from(
            TransparencyLogInstance.newBuilder()
                .setBaseUrl("https://" + parts[0])
                .setHashAlgorithm(HashAlgorithm.SHA2_256)
                .setLogId(LogId.newBuilder().setKeyId(ByteString.copyFrom(keyId)))
                .setPublicKey(
                    PublicKey.newBuilder()
                        .setKeyDetails(PublicKeyDetails.PKIX_ED25519)
                        .setRawBytes(
                            ByteString.copyFrom(SPKI_PREFIX)
                                .concat(ByteString.copyFrom(typed, 1, ED25519_KEY_BYTES))))
                .build());
    return new ForeignVerifier(
        RekorVerifier.newRekorVerifier(List.of(log)), HexFormat.of().formatHex(keyId));
  }

  private static byte[] keyId(String name, byte[] typed) throws NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    hash.update((name + "\n").getBytes(StandardCharsets.UTF_8));
    return hash.digest(typed);
  }

  /**
   * Checks that a leaf is in the tree that the log signed.
   *
   * @param proof a C2SP tlog-proof, as text
   * @throws RekorVerificationException when it isn't so
   * @throws RekorParseException when the checkpoint is malformed
   */
  void verify(String leaf, String proof) throws RekorVerificationException, RekorParseException {
    int blank = proof.indexOf("\n\n");
    String checkpoint = proof.substring(blank + 2);
    List<String> lines = proof.substring(0, blank).lines().toList();
    if (!lines.getFirst().equals("c2sp.org/tlog-proof@v1")) {
      throw new AssertionError("not a tlog-proof: " + lines.getFirst());
    }
    long index = -1;
    List<String> hashes = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      if (line.startsWith("index ")) {
        index = Long.parseLong(line.substring(6));
      } else if (!line.startsWith("extra ")) {
        hashes.add(hex(line));
      }
    }
    RekorEntry.Checkpoint head = Checkpoints.from(checkpoint);
    RekorEntry entry =
        ImmutableRekorEntry.builder()
            .body(Base64.getEncoder().encodeToString(leaf.getBytes(StandardCharsets.UTF_8)))
            .integratedTime(0)
            .logID(logId)
            .logIndex(index)
            .verification(
                ImmutableVerification.builder()
                    .inclusionProof(
                        ImmutableInclusionProof.builder()
                            .logIndex(index)
                            .treeSize(head.getSize())
                            .rootHash(hex(head.getBase64Hash()))
                            .hashes(hashes)
                            .checkpoint(checkpoint)
                            .build())
                    .build())
            .build();
    verifier.verifyEntry(entry);
  }

  private static String hex(String base64) {
    return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
  }
}
